import { noCounts, type Counts } from '@millrace/cassandra'
import { letterRecord, type WireRecord } from '@millrace/kafka'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { addCounts } from './books.ts'
import type { Page } from './page-content.ts'
import type { Progress } from './progress.ts'
import { bookOf } from './time-bucket.ts'

/** An event that was judged to be published, and that Kafka refuses: not published, but rejected. */
const correction: Counts = { ...noCounts, fresh: -1, published: -1, rejected: 1 }

/** The letter of an event that the stream's topic refuses. Its bytes are the event as it would have travelled. */
export const refusedLetter = (stream: StreamDeclaration, { value, headers = {} }: WireRecord): WireRecord => letterRecord({
  key: headers['ce_id'] ?? '',
  value,
  reason: 'publish-refused',
  detail: `topic ${eventTopic(stream)} takes no event like this one, of ${value.length} bytes`,
  origin: { topic: eventTopic(stream), id: headers['ce_id'] ?? '' },
  eventTime: eventTimeOf(headers),
  run: headers['run'] ?? '',
})

/** The move of a page of which these events were refused: the books, the totals and the run say what has become of them. */
export function correctedMove(move: Page['move'], refused: readonly WireRecord[]): Page['move'] {
  if (refused.length === 0) return move
  const books = { ...move.books }
  for (const { headers = {} } of refused) {
    const book = bookOf(eventTimeOf(headers))
    books[book] = addCounts(books[book] ?? noCounts, correction)
  }
  const all = refused.map(() => correction).reduce(addCounts, noCounts)
  const progress = JSON.parse(move.cursor) as Progress
  const isOfRun = progress.run !== null && refused.every(({ headers }) => headers?.['run'] === progress.run?.id)
  const run = isOfRun ? { ...progress.run, counts: addCounts(progress.run.counts, all) } : progress.run
  return { ...move, cursor: JSON.stringify({ ...progress, run }), totals: addCounts(move.totals, all), books }
}

const eventTimeOf = (headers: Readonly<Record<string, string>>): number => Date.parse(headers['ce_time'] ?? '')
