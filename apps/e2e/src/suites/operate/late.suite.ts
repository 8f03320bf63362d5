import { describe, expect, it } from '@jest/globals'
import { loseRow } from '../../airflow/plant.ts'
import { quakeEvent } from '../../http/event.ts'
import { getJson, postJson } from '../../http/get-json.ts'
import { letters, type LetterCounts, type LetterList } from '../../http/letters.ts'
import { readView } from '../../http/read-view.ts'
import type { ReplayAnswer } from '../../http/replay.ts'
import { eventually } from '../../line/eventually.ts'
import { mapped } from '../../oracle/renamed-quakes.ts'
import { expectTrueQuakes } from './true-quakes.ts'
import type { Operated } from './operated.ts'

interface LedgerAnswer {
  readonly summary: Readonly<Record<'balanced' | 'unbalanced' | 'open' | 'expired', number>>
  readonly data: readonly Readonly<Record<'fresh' | 'published' | 'late' | 'included' | 'aggregated', number>>[]
}

const hour = 3_600_000
/** In windows that are final. */
const late = ['nc72963306', 'nc72961936']
/** Windows that count one quake: one hour, six times six hours, and the ledger's hour. */
const windowsEach = 8

/** What came late is included in windows that are final, and a range is built anew: as an operator does it by the guide. */
export function lateSuite(operated: Operated): void {
  const { line } = operated
  const first = operated.quake('nc72963306')
  const window = { from: Math.floor(first.occurredAt / hour) * hour, to: Math.floor(first.occurredAt / hour) * hour + hour }
  const count = (): number => operated.all.filter(({ network, occurredAt }) => network === first.network && occurredAt >= window.from && occurredAt < window.to).length
  const ofNetwork = () => readView(line.urls.queryApi, `/v1/earthquakes/per-hour/${first.network}`, window)
  const ledger = (query: string): Promise<LedgerAnswer> => getJson(`${line.urls.queryApi}/v1/streams/earthquakes/ledger?${query}`)
  const replay = (): Promise<ReplayAnswer> => operated.guide.json('earthquakes/replays')

  describe('late events', () => {
    it('are listed with their reason, and counted by window', async () => {
      await eventually(async () => (await letters(line, 'earthquakes', 'late')).length === 3, { deadlineMs: 60_000, everyMs: 250, what: 'the late events to be kept' })
      const [counts, byWindow, list] = (await operated.guide.type('earthquakes/late/counts')).trim().split('\n').map((text) => JSON.parse(text) as LetterCounts & LetterList)
      expect(counts).toMatchObject({ letters: 3, byReason: { redrive: 3 } })
      expect(byWindow?.byWindow?.find(({ group, start }) => group['network'] === first.network && Date.parse(start) === window.from)).toMatchObject({ view: 'per-hour', letters: 1 })
      expect(list?.data.map(({ eventTime }) => Date.parse(eventTime ?? '')).sort()).toEqual([...operated.open, ...late.map((id) => operated.quake(id))].map(({ occurredAt }) => occurredAt).sort())
    }, 90_000)

    it('are refused where their windows are not final, with when they will be', async () => {
      const { id } = await quakeEvent(line, operated.open[0]?.id ?? '')
      const asked = postJson(`${line.urls.sparkBridge}/v1/streams/earthquakes/late/include`, { ids: [id] }, { authorization: `Bearer ${line.key('control')}`, 'idempotency-key': `open-${id}` })
      // The last six hours that would count it begin with its own hour.
      const openUntil = Math.floor((operated.open[0]?.occurredAt ?? 0) / hour) * hour + 6 * hour
      const refusal = await asked.catch((error: unknown) => String(error))
      expect(refusal).toContain('answered 409')
      expect(refusal).toContain('"code":"late_not_final"')
      expect(refusal).toContain(`"openUntil":"${new Date(openUntil).toISOString()}"`)
    }, 60_000)

    it('change nothing while the inclusion is dry, and count in every window once it is promoted', async () => {
      const before = await ledger('from=2018-02-02T21:00:00Z&to=2018-02-02T22:00:00Z')
      expect(before.data[0]).toMatchObject({ late: 1, included: 0 })
      const dry = await operated.guide.json<ReplayAnswer>('late/include -d \'{"dryRun": true}')
      expect(dry).toMatchObject({ kind: 'include', state: 'ready', error: null, late: { chosen: late.length, included: 0, open: operated.open.length } })
      expect(dry.figures.different + dry.figures.missing).toBe(late.length * windowsEach)
      await expectTrueQuakes(operated)

      expect(await operated.guide.json('/promote')).toMatchObject({ id: dry.id, state: 'succeeded' })
      operated.added.push(...late.map((id) => mapped(operated.quake(id))))
      operated.included = dry.generation ?? 0
      await eventually(async () => (await ofNetwork())[0]?.['events'] === count(), { deadlineMs: 30_000, everyMs: 250, what: 'the inclusion to be read' })
      await expectTrueQuakes(operated)
    }, 600_000)

    it('move in the ledger to what is included, and it balances', async () => {
      const [hourOfFirst] = (await operated.guide.json<LedgerAnswer>('earthquakes/ledger')).data
      expect(hourOfFirst).toMatchObject({ state: 'balanced', late: 1, included: 1 })
      expect(hourOfFirst?.aggregated).toBe((hourOfFirst?.published ?? 0) + 1)
      const { summary } = await ledger('from=2018-01-31T00:00:00Z&to=2018-02-07T00:00:00Z')
      expect(summary).toMatchObject({ unbalanced: 0 })
      expect(summary.balanced).toBeGreaterThan(100)
    }, 60_000)

    it('are not included twice', async () => {
      expect(await operated.guide.json('late/include -d \'{"to"')).toMatchObject({ state: 'succeeded', generation: null, late: { chosen: 0, included: late.length, open: 0 } })
    }, 300_000)

    it('are in the recount, which finds every final window equal', async () => {
      expect(await operated.guide.json('/v1/recounts')).toMatchObject({ state: 'succeeded', verdict: 'equal', figures: { different: 0, missing: 0, extra: 0 } })
    }, 480_000)
  })

  describe('a replay', () => {
    it('names the window whose row is lost; discarded it leaves it so, and promoted it brings the row back', async () => {
      await loseRow(line, { table: 'earthquakes_per_hour_v1', network: first.network, windowStart: window.from, generation: operated.included, events: count() })
      expect(await ofNetwork()).toEqual([])

      const lost = { view: 'per-hour', group: { network: first.network }, windowStart: new Date(window.from).toISOString(), table: 'by-group', served: null, built: { events: count() } }
      const looked = await replay()
      expect(looked).toMatchObject({ kind: 'replay', state: 'ready', error: null, differences: [lost], figures: { missing: 1, different: 0, extra: 0 } })
      expect(await operated.guide.json('/discard')).toMatchObject({ id: looked.id, state: 'discarded' })
      expect(await ofNetwork()).toEqual([])

      const again = await replay()
      expect(again).toMatchObject({ state: 'ready', differences: [lost] })
      expect(await operated.guide.json('/promote')).toMatchObject({ id: again.id, state: 'succeeded' })
      operated.replayed = again.generation ?? 0
      await eventually(async () => (await ofNetwork()).length === 1, { deadlineMs: 30_000, everyMs: 250, what: 'the replay to be read' })
      await expectTrueQuakes(operated)
    }, 600_000)
  })
}
