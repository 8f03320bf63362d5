import { describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { readView, withoutFinal, type Page } from '../http/read-view.ts'
import type { Line } from '../line/line.ts'
import { settle } from '../line/settle.ts'
import { differences } from '../oracle/differences.ts'
import { rawQuakes } from '../oracle/raw-quakes.ts'
import { revisionRows } from '../oracle/revision-rows.ts'
import { guideBlocks } from '../workspace/guide-blocks.ts'
import { runBlock } from '../workspace/run-block.ts'
import { week } from './earthquakes.suite.ts'

const patienceMs = 480_000
const rowsOf = { key: ['network', 'windowStart'], within: ['meanDelayMinutes', 'longestDelayMinutes'] }

/**
 * The guide says what a reader types and sees; here the same is typed in a copy of the workspace, and the same must be seen.
 * A start ends with the first windows; here the others are waited for as well, so that what is seen does not depend on speed.
 */
export function guideSuite(line: Line, workspace: string): void {
  const file = 'docs/guides/add-a-stream.md'
  const edited = line.in(workspace)

  describe(file, () => {
    let printed = ''
    for (const block of guideBlocks(join(line.root, file))) {
      if (block.language === 'json') {
        it(`line ${block.line}: prints what the guide shows`, () => {
          const [shown, seen] = [JSON.parse(block.text) as Page, JSON.parse(printed) as Page]
          expect(differences(shown.data, seen.data, rowsOf)).toEqual([])
          expect(typeof seen.page.next).toBe(typeof shown.page.next)
        })
      } else {
        it(`line ${block.line}: ${block.title ?? block.text.split('\n')[0] ?? ''}`, async () => {
          printed = await runBlock(edited, block)
          if (block.text.includes('npm start')) await settle(edited, 'quake-revisions')
        }, patienceMs)
      }
    }

    it('has built a stream whose rows are those computed from the raw file', async () => {
      const rows = withoutFinal(await readView(edited.urls.queryApi, '/v1/quake-revisions/per-day', week))
      const expected = revisionRows(rawQuakes(workspace))
      expect(differences(expected, rows, rowsOf)).toEqual([])
    }, patienceMs)
  })
}
