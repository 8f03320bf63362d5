import { noCounts, type Counts } from '@millrace/cassandra'
import type { Judged } from './judge-records.ts'
import { bookOf } from './time-bucket.ts'

/** What one verdict adds: `fetched = fresh + repeated + rejected` and `fresh = published + late`, always. */
const share: Readonly<Record<Judged['verdict'], Counts>> = {
  published: { ...noCounts, fetched: 1, fresh: 1, published: 1 },
  late: { ...noCounts, fetched: 1, fresh: 1, late: 1 },
  repeated: { ...noCounts, fetched: 1, repeated: 1 },
  revised: { ...noCounts, fetched: 1, repeated: 1 },
  rejected: { ...noCounts, fetched: 1, rejected: 1 },
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  fetched: a.fetched + b.fetched,
  fresh: a.fresh + b.fresh,
  repeated: a.repeated + b.repeated,
  rejected: a.rejected + b.rejected,
  published: a.published + b.published,
  late: a.late + b.late,
})

export const sumCounts = (all: Iterable<Counts>): Counts => [...all].reduce(addCounts, noCounts)

/** Counts by book, on their way into the books. */
export type BookChanges = ReadonlyMap<string, Counts>

/** What records add to the books. */
export function changesOf(judged: readonly Judged[]): Map<string, Counts> {
  const changes = new Map<string, Counts>()
  for (const { verdict, record } of judged) {
    const book = bookOf(record.eventTime)
    changes.set(book, addCounts(changes.get(book) ?? noCounts, share[verdict]))
  }
  return changes
}

/** Two sets of changes as one. */
export function mergeChanges(a: BookChanges, b: BookChanges): Map<string, Counts> {
  const merged = new Map(a)
  for (const [book, counts] of b) merged.set(book, addCounts(merged.get(book) ?? noCounts, counts))
  return merged
}
