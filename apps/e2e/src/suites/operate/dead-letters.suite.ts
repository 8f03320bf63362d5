import { beforeAll, describe, expect, it } from '@jest/globals'
import { postJson } from '../../http/get-json.ts'
import { letterCounts, letters, type LetterCounts, type LetterList } from '../../http/letters.ts'
import { control } from '../../http/simulator.ts'
import { streamStatus } from '../../http/stream-status.ts'
import { endOfRun, enterRun, type RedriveRun } from '../../http/trigger-run.ts'
import { eventually } from '../../line/eventually.ts'
import { settle } from '../../line/settle.ts'
import { mapped, mapping } from '../../oracle/renamed-quakes.ts'
import { expectTrueQuakes } from './true-quakes.ts'
import type { Operated } from './operated.ts'

/** One of them happened after the watermark, the others before it: in a window that is not final, and in two that are. */
const redriven = { published: ['ak18384018'], open: ['us1000chln'], final: ['nc72963306', 'nc72961936'] }
const chosen = Object.values(redriven).flat()

/** The source gives records whose network stands under another name, beside the good ones: what is kept of them, and what can be made of it. */
export function deadLettersSuite(operated: Operated): void {
  const { line, renamed } = operated
  const redrive = async (body: Readonly<Record<string, unknown>>): Promise<RedriveRun> => {
    const headers = { authorization: `Bearer ${line.key('trigger')}`, 'idempotency-key': JSON.stringify(body['dryRun'] ?? false) + String(Date.now()) }
    const { id } = await postJson<{ id: string }>(`${line.urls.ingestion}/v1/streams/earthquakes/dead-letters/redrive`, body, headers)
    return await endOfRun(line, id) as RedriveRun
  }
  const idsOfChosen = async (): Promise<string[]> =>
    (await letters(line, 'earthquakes', 'dead-letters')).filter(({ content }) => chosen.includes((JSON.parse(content.text) as { id: string }).id)).map(({ id }) => id)

  describe('dead letters', () => {
    beforeAll(async () => {
      await control(line, { faults: { earthquakes: { renamedField: 1 } } })
      try {
        expect(await endOfRun(line, await enterRun(line, 'earthquakes'))).toMatchObject({ state: 'succeeded' })
      } finally {
        await control(line, { faults: {} })
      }
      await eventually(async () => (await letterCounts(line, 'earthquakes', 'dead-letters')).letters >= renamed.length, { deadlineMs: 60_000, everyMs: 250, what: `${renamed.length} records to be kept as dead letters` })
    }, 240_000)

    it('are listed with their bytes, where they came from and what is wrong, and counted', async () => {
      const [counts, list] = (await operated.guide.type('dead-letters/counts')).trim().split('\n').map((text) => JSON.parse(text) as LetterCounts & LetterList)
      expect(counts).toMatchObject({ letters: renamed.length, byReason: { schema: renamed.length }, byState: { open: renamed.length, redriven: 0 } })
      expect(list?.data).toHaveLength(5)
      expect(list?.page.next).not.toBeNull()
      const all = await letters(line, 'earthquakes', 'dead-letters')
      for (const letter of all) {
        expect(letter).toMatchObject({ reason: 'schema', detail: expect.stringContaining('network'), eventId: null, state: 'open', redriven: null, content: { encoding: 'utf-8', isCut: false } })
        expect(letter.origin.url).toContain('/fdsnws/event/1/query')
      }
      const kept = all.map(({ content }) => JSON.parse(content.text) as { id: string; properties: { net?: string; netCode: string; time: number } })
      expect(kept.map(({ id }) => id).sort()).toEqual(renamed.map(({ id }) => id).sort())
      expect(kept.filter(({ properties: { net, netCode } }) => net !== undefined || netCode === '')).toEqual([])
    }, 60_000)

    it('are redriven with a mapping as the dry run has said: each is judged by its time, and what is published counts', async () => {
      const before = (await streamStatus(line.urls.queryApi, 'earthquakes')).counts
      const body = { ids: await idsOfChosen(), mapping }
      const outcomes = { published: redriven.published.length, late: redriven.open.length + redriven.final.length }
      expect(await redrive({ ...body, dryRun: true })).toMatchObject({ state: 'succeeded', redrive: { dryRun: true, outcomes } })
      expect((await streamStatus(line.urls.queryApi, 'earthquakes')).counts).toMatchObject({ fresh: before.fresh, late: before.late, published: before.published })

      const run = await redrive(body)
      expect(run).toMatchObject({ state: 'succeeded', kind: 'redrive', counts: { fetched: 4, fresh: 4, published: 1, late: 3, rejected: 0 }, redrive: { dryRun: false, outcomes } })
      operated.redriveRun = run.id
      operated.added.push(...redriven.published.map((id) => mapped(operated.quake(id))))
      operated.open.push(...redriven.open.map((id) => mapped(operated.quake(id))))
      await settle(line, 'earthquakes')
      await expectTrueQuakes(operated)
      await eventually(async () => (await letterCounts(line, 'earthquakes', 'dead-letters')).byState?.redriven === chosen.length, { deadlineMs: 60_000, everyMs: 250, what: 'the letters to be marked' })
      expect((await streamStatus(line.urls.queryApi, 'earthquakes')).counts).toMatchObject({ fresh: before.fresh + 4, late: before.late + 3, published: before.published + 1 })
    }, 240_000)

    it('that hold what has counted already are repeated, and make no second event', async () => {
      const rest = renamed.length - chosen.length
      expect(await operated.guide.json('"dryRun": true, "reasons"')).toMatchObject({ state: 'succeeded', redrive: { dryRun: true, outcomes: { repeated: rest } } })
      expect(await operated.guide.json('{"reasons"')).toMatchObject({ state: 'succeeded', counts: { fetched: rest, fresh: 0, repeated: rest }, redrive: { dryRun: false, outcomes: { repeated: rest } } })
      expect((await letterCounts(line, 'earthquakes', 'dead-letters')).byState).toEqual({ open: 0, redriven: renamed.length })
    }, 120_000)
  })
}
