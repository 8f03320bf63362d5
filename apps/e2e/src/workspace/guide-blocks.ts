import { readFileSync } from 'node:fs'

/** A fenced block of a guide: its language, and the file it stands for where the fence says `title="…"`. */
export interface GuideBlock {
  readonly language: string
  readonly title: string | null
  readonly text: string
  readonly line: number
}

const fence = /^```(\w+)?(?: title="([^"]+)")?$/

/** The fenced blocks of a Markdown file in their order. Throws for a fence that it cannot read: a block left out would be a step left out. */
export function guideBlocks(file: string): GuideBlock[] {
  const blocks: GuideBlock[] = []
  let open: { language: string; title: string | null; lines: string[]; line: number } | null = null
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (open === null && !line.startsWith('```')) continue
    if (open !== null && line !== '```') {
      open.lines.push(line)
      continue
    }
    if (open !== null) {
      blocks.push({ language: open.language, title: open.title, text: `${open.lines.join('\n')}\n`, line: open.line })
      open = null
      continue
    }
    const match = fence.exec(line)
    if (!match?.[1]) throw new Error(`${file}:${index + 1}: cannot read the fence ${line}`)
    open = { language: match[1], title: match[2] ?? null, lines: [], line: index + 1 }
  }
  if (open !== null) throw new Error(`${file}:${open.line}: the block is not closed`)
  return blocks
}
