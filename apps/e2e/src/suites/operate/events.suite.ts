import { describe, expect, it } from '@jest/globals'
import { TopicAdmin } from '@millrace/kafka'
import { quakeEvent, type EventAnswer } from '../../http/event.ts'
import { getJson } from '../../http/get-json.ts'
import type { Page } from '../../http/read-view.ts'
import { perHourRows, sixHourRows } from '../../oracle/quake-rows.ts'
import type { Operated } from './operated.ts'

const kafkaPort = 19_092

/** One event is followed from the source to the rows in which it counts. */
export function eventsSuite(operated: Operated): void {
  const { line } = operated
  /** What really lies where the answer says it does. */
  const recordAt = async ({ topic }: EventAnswer) => {
    if (topic?.offset == null) throw new Error('The answer names no offset.')
    const admin = new TopicAdmin({ brokers: [`127.0.0.1:${kafkaPort + line.portOffset}`] })
    try {
      const [record] = await admin.readRange(topic.topic, topic.partition, BigInt(topic.offset), BigInt(topic.offset) + 1n)
      return { headers: record?.headers, event: JSON.parse(record?.value?.toString() ?? '{}') as Record<string, unknown> }
    } finally {
      await admin.close()
    }
  }
  /** The rows that the windows of an answer name, by the oracle and by their own paths. */
  const expectRows = async ({ windows }: EventAnswer): Promise<void> => {
    const expected = [...perHourRows(operated.all).map((row) => ({ view: 'per-hour', row })), ...sixHourRows(operated.all).map((row) => ({ view: 'six-hours', row }))]
    for (const { view, group, start, path, row } of windows.filter((window) => window.view !== '_ledger')) {
      const counted = expected.find((one) => one.view === view && one.row['network'] === group['network'] && one.row['windowStart'] === start)
      expect([view, start, row?.events]).toEqual([view, start, counted?.row['events']])
      const { data } = await getJson<Page>(line.urls.queryApi + path)
      expect(data).toMatchObject([{ windowStart: start, events: row?.events, final: row?.final }])
    }
  }

  describe('an event', () => {
    it('that counts is found with its run and page, its place on the topic, and the rows in which it counts', async () => {
      const answer = await operated.guide.json<EventAnswer>('/events?id=')
      expect(answer).toMatchObject({ state: 'published', late: null, run: operated.firstRun()?.id, eventTime: new Date(operated.quake('nc72963306').occurredAt).toISOString() })
      expect(answer.page.seq).toBeGreaterThanOrEqual(0)
      expect(await recordAt(answer)).toMatchObject({ headers: { ce_id: answer.id, run: answer.run }, event: { id: 'nc72963306' } })
      expect(answer.windows.map(({ view }) => view).sort()).toEqual(['_ledger', 'per-hour', ...Array<string>(6).fill('six-hours')])
      expect(answer.windows.filter(({ row }) => row?.final !== true)).toEqual([])
      // Windows of the day that was replayed come from there, those that reach beyond it from the inclusion.
      expect(new Set(answer.windows.map(({ row }) => row?.generation))).toEqual(new Set([operated.included, operated.replayed]))
      await expectRows(answer)
      expect(await getJson(`${line.urls.queryApi}/v1/streams/earthquakes/events/${answer.id}`)).toEqual(answer)
    }, 60_000)

    it('that was a dead letter is found with the run that has redriven it, in windows that are not final yet', async () => {
      const answer = await quakeEvent(line, '18384018')
      expect(answer).toMatchObject({ state: 'published', run: operated.redriveRun })
      expect(await recordAt(answer)).toMatchObject({ headers: { ce_id: answer.id, run: operated.redriveRun }, event: { id: '18384018', network: 'ak', magnitude: 7.5 } })
      expect(answer.windows.filter(({ row }) => row?.final !== false)).toEqual([])
      await expectRows(answer)
    }, 60_000)

    it('that is late is found with its letter: included with the rows that count it, otherwise with the windows that would', async () => {
      const included = await quakeEvent(line, '72963306')
      expect(included).toMatchObject({ state: 'late', topic: null, run: operated.redriveRun, late: { reason: 'redrive', eventId: included.id, includedGeneration: operated.included } })
      await expectRows(included)
      const open = await quakeEvent(line, operated.open[0]?.id ?? '')
      expect(open).toMatchObject({ state: 'late', topic: null, run: operated.redriveRun, late: { reason: 'redrive', includedGeneration: null } })
      expect(open.windows).toHaveLength(8)
      expect(open.windows.filter(({ row }) => row !== null)).toEqual([])
    }, 60_000)

    it('that is a dead letter still, or that nobody knows, is none: the answer says where else to look', async () => {
      for (const id of ['1000chjm', 'nowhere1']) await expect(quakeEvent(line, id)).rejects.toThrow(/answered 404: .*nothing_declared.*longer ago than ids are kept.*\/v1\/streams\/earthquakes\/dead-letters/)
    }, 60_000)
  })
}
