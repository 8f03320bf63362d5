import { beforeAll, describe, expect, it } from '@jest/globals'
import { readView, withoutFinal, type Range } from '../http/read-view.ts'
import { streamStatus } from '../http/stream-status.ts'
import type { Run } from '../http/trigger-run.ts'
import { ledgerDifferences } from '../ledger/ledger-differences.ts'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { settle } from '../line/settle.ts'
import { differences } from '../oracle/differences.ts'
import { perHourRows, sixHourRows } from '../oracle/quake-rows.ts'
import { rawQuakes } from '../oracle/raw-quakes.ts'

const key = ['network', 'windowStart']
const sixHours = 6 * 3_600_000

/** Every window start that a quake of the file can be in. */
export const week: Range = { from: Date.parse('2018-01-29T00:00:00Z'), to: Date.parse('2018-02-09T00:00:00Z') }

/** The recorded quakes, all served at once, against a computation from the raw file. */
export function earthquakesSuite(line: Line, firstRun: () => Run | undefined): void {
  const quakes = rawQuakes(line.root)
  const { queryApi } = line.urls

  describe('earthquakes', () => {
    beforeAll(() => settle(line, 'earthquakes'), 300_000)

    it('pulls all 1,707 quakes in one run', () => {
      expect(firstRun()).toMatchObject({ state: 'succeeded', error: null, counts: { fetched: 1_707, fresh: 1_707, repeated: 0, rejected: 0, late: 0, published: 1_707 } })
    })

    it('accepts each quake once, however often it is read', async () => {
      const { counts } = await streamStatus(queryApi, 'earthquakes')
      expect(counts).toMatchObject({ fresh: 1_707, published: 1_707, rejected: 0, late: 0 })
      expect(counts.repeated).toBeGreaterThan(0)
      expect(counts.fetched).toBe(counts.fresh + counts.repeated)
    })

    it('answers every hour of every network as computed from the raw file', async () => {
      const rows = withoutFinal(await readView(queryApi, '/v1/earthquakes/per-hour', week))
      expect(differences(perHourRows(quakes), rows, { key, within: ['meanMagnitude', 'meanDepthKm'] })).toEqual([])
    })

    it('answers every six hours of every network as computed from the raw file', async () => {
      const rows = withoutFinal(await readView(queryApi, '/v1/earthquakes/six-hours', week))
      expect(differences(sixHourRows(quakes), rows, { key, within: ['meanDepthKm'] })).toEqual([])
    })

    it('answers one network from its own table with the same rows', async () => {
      const expected = perHourRows(quakes).filter(({ network }) => network === 'ak')
      const rows = withoutFinal(await readView(queryApi, '/v1/earthquakes/per-hour/ak', week))
      expect(differences(expected, rows, { key, within: ['meanMagnitude', 'meanDepthKm'] })).toEqual([])
    })

    it('calls final exactly the windows that end before the watermark', async () => {
      const watermark = Math.max(...quakes.map(({ occurredAt }) => occurredAt)) - sixHours
      await eventually(async () => (await streamStatus(queryApi, 'earthquakes')).finalUntil === new Date(watermark).toISOString(), {
        deadlineMs: 120_000, everyMs: 250, what: 'finalUntil to reach the watermark',
      })
      const rows = await readView(queryApi, '/v1/earthquakes/per-hour', week)
      expect(rows.filter(({ windowEnd, final }) => final !== (Date.parse(String(windowEnd)) <= watermark))).toEqual([])
      expect(new Set(rows.map(({ final }) => final))).toEqual(new Set([true, false]))
    })

    it('balances: ingestion has published what Spark has counted, hour by hour', async () => {
      expect(await ledgerDifferences(line, 'earthquakes')).toEqual([])
    })
  })
}
