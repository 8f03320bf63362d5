import { describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import type { Line } from '../line/line.ts'
import { guideBlocks } from '../workspace/guide-blocks.ts'
import { runBlock } from '../workspace/run-block.ts'

const patienceMs = 480_000

/** The guide says what a reader types and sees; here the same is typed in a copy of the workspace, and the same must be seen. */
export function guideSuite(line: Line, workspace: string): void {
  const file = 'docs/guides/add-a-stream.md'
  const edited = line.in(workspace)

  describe(file, () => {
    let printed = ''
    for (const block of guideBlocks(join(line.root, file))) {
      if (block.language === 'json') {
        it(`line ${block.line}: prints what the guide shows`, () => {
          expect(JSON.parse(printed)).toEqual(JSON.parse(block.text))
        })
      } else {
        it(`line ${block.line}: ${block.title ?? block.text.split('\n')[0] ?? ''}`, async () => {
          printed = await runBlock(edited, block)
        }, patienceMs)
      }
    }
  })
}
