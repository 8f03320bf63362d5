import type { Line } from '../line/line.ts'
import { withCassandra } from '../line/with-cassandra.ts'

/** The ids of the runs that ingestion has entered under the idempotency keys of a DAG run: each key holds its name. */
export const runsUnder = (line: Line, dagRun: string): Promise<string[]> => withCassandra(line, 'writer', async (session) => {
  const entries = await session.execute('SELECT key, run_id FROM run_keys', [], { action: 'reading all idempotency keys' })
  return [...new Set(entries.filter(({ key }) => String(key).includes(`:${dagRun}:`)).map(({ run_id: id }) => String(id)))]
})
