import { metricsText } from '@millrace/observability'
import { ledgerAnswer, type LedgerAnswer } from '@millrace/rest'
import { FakeClock } from '@millrace/testing'
import { expect, it } from '@jest/globals'
import { LedgerWatch } from './ledger-watch.ts'

const hour = 3_600_000
const look = (events: readonly number[]): LedgerAnswer => ledgerAnswer({ name: 'watched', version: 1 }, {
  time: { finalUntil: 100 * hour, horizon: 0 }, generation: 1, next: null,
  buckets: events.map((aggregated, at) => ({ start: at * hour, counts: { fetched: 5, fresh: 5, repeated: 0, rejected: 0, late: 0, published: 5 }, included: 0, aggregated, views: {}, isAged: false })),
})

const minute = 60_000

it('says of a bucket once that it does not balance, and again when its numbers change', async () => {
  const watch = new LedgerWatch({ alarmAfterMs: minute, clock: new FakeClock() })
  const said = async (events: readonly number[]): Promise<number> => {
    watch.seen(look(events))
    return Number(/^millrace_ledger_unbalanced_total\{stream="watched\.v1"\} (\d+)$/m.exec(await metricsText())?.[1] ?? 0)
  }
  expect(await said([5, 5, 5])).toBe(0)
  expect(await said([5, 4, 3])).toBe(2)
  expect(await said([5, 4, 3])).toBe(2)
  expect(await said([5, 4, 2])).toBe(3)
  expect(await said([5, 5, 2])).toBe(3)
  expect(await said([5, 4, 2])).toBe(4)
  expect(await metricsText()).toMatch(/^millrace_ledger_buckets\{stream="watched\.v1",state="unbalanced"\} 2$/m)
})

it('raises an alarm once for a bucket that does not balance for longer than declared, and tells for how long', async () => {
  const clock = new FakeClock()
  const watch = new LedgerWatch({ alarmAfterMs: 10 * minute, clock })
  const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name}\\{stream="watched\\.v1"\\} (\\S+)$`, 'm').exec(await metricsText())?.[1] ?? 0)
  const alarmsAfter = async (ms: number, events: readonly number[]): Promise<number> => {
    await clock.advance(ms)
    watch.seen(look(events))
    return metric('millrace_ledger_alarms_total')
  }
  expect(await alarmsAfter(0, [5, 4])).toBe(0)
  expect(await alarmsAfter(10 * minute, [5, 3])).toBe(0)
  expect(await metric('millrace_ledger_unbalanced_seconds')).toBe(600)
  expect(await alarmsAfter(1, [5, 3])).toBe(1)
  expect(await alarmsAfter(minute, [5, 3])).toBe(1)
  // Balanced in between: what comes then is another matter.
  expect(await alarmsAfter(minute, [5, 5])).toBe(1)
  expect(await metric('millrace_ledger_unbalanced_seconds')).toBe(0)
  expect(await alarmsAfter(minute, [5, 3])).toBe(1)
  expect(await alarmsAfter(11 * minute, [5, 3])).toBe(2)
})

it('counts the pages of one answer together', async () => {
  const watch = new LedgerWatch({ alarmAfterMs: minute, clock: new FakeClock() })
  const unbalanced = async (): Promise<string> => /^millrace_ledger_buckets\{stream="watched\.v1",state="unbalanced"\} (\d+)$/m.exec(await metricsText())?.[1] ?? ''
  watch.seen(look([4, 4]))
  watch.seen(look([5, 5, 4]), { isNextPage: true })
  expect(await unbalanced()).toBe('3')
  watch.seen(look([5]))
  expect(await unbalanced()).toBe('0')
})
