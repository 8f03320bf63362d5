import type { CassandraSession, Statement } from './cassandra-session.ts'
import type { Row } from './row.ts'

const mostAtOnce = 8

/**
 * The rows of many partitions in the order of the statements. Begins with one partition and asks for twice as many at
 * once with every round, so that a full partition costs one read and a row of empty ones only a few round trips.
 */
export async function* scanAhead(session: CassandraSession, statements: Iterable<Statement>, pageRows: number): AsyncGenerator<Row, void, void> {
  const waiting = statements[Symbol.iterator]()
  for (let atOnce = 1; ; atOnce = Math.min(atOnce * 2, mostAtOnce)) {
    const round = Array.from(takeFrom(waiting, atOnce), ({ cql, params }) => begin(session.scan(cql, params, { pageRows })))
    if (round.length === 0) return
    for (const { rows, head } of round) {
      for (let next = await head; next.done !== true; next = await rows.next()) yield next.value
    }
  }
}

function* takeFrom<T>(items: Iterator<T>, count: number): Generator<T> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = items.next()
    if (next.done === true) return
    yield next.value
  }
}

/** Asks for the first page at once. Its failure reaches whoever awaits it, and nobody if the rows before were enough. */
function begin(rows: AsyncGenerator<Row, void, void>) {
  const head = rows.next()
  head.catch(() => undefined)
  return { rows, head }
}
