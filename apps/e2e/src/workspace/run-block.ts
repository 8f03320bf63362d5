import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../line/launcher.ts'
import type { Line } from '../line/line.ts'
import { editFile } from './edit-file.ts'
import { forLine } from './for-line.ts'
import type { GuideBlock } from './guide-blocks.ts'

/**
 * Does what a block of a guide says, in the line's workspace: writes a new file, edits one (lines with − go, lines with +
 * come), or runs commands and answers what they print. Addresses of the usual ports are those of this line.
 */
export async function runBlock(line: Line, { language, title, text }: GuideBlock): Promise<string> {
  if (language === 'sh') return run(line, 'bash', ['-euo', 'pipefail', '-c', forLine(text, line)])
  if (title === null) throw new Error(`A block of ${language} does not say which file it is.`)
  const file = join(line.root, title)
  if (language === 'diff') {
    const lines = text.split('\n').slice(0, -1).map((one) => one || ' ')
    const side = (sign: '-' | '+'): string => lines.filter((one) => one.startsWith(' ') || one.startsWith(sign)).map((one) => `${one.slice(1)}\n`).join('')
    editFile(file, side('-'), side('+'))
    return ''
  }
  if (existsSync(file)) throw new Error(`${file} is there already, and the guide writes it anew.`)
  writeFileSync(file, text)
  return ''
}
