import { metricsText } from '@millrace/observability'
import { ledgerAnswer, type LedgerAnswer } from '@millrace/rest'
import { expect, it } from '@jest/globals'
import { LedgerWatch } from './ledger-watch.ts'

const hour = 3_600_000
const look = (events: readonly number[]): LedgerAnswer => ledgerAnswer({ name: 'watched', version: 1 }, {
  time: { finalUntil: 100 * hour, horizon: 0 }, generation: 1, next: null,
  buckets: events.map((aggregated, at) => ({ start: at * hour, counts: { fetched: 5, fresh: 5, repeated: 0, rejected: 0, late: 0, published: 5 }, included: 0, aggregated, views: {}, isAged: false })),
})

it('says of a bucket once that it does not balance, and again when its numbers change', async () => {
  const watch = new LedgerWatch()
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
