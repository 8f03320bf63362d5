import { queryStatuses } from '../http/query-status.ts'
import type { Line } from './line.ts'

/** Spark is back only when its queries are: a server that answers has not yet taken them up. */
export async function everyQueryRuns(line: Line): Promise<boolean> {
  const queries = await queryStatuses(line)
  return queries.length > 0 && queries.every(({ state }) => state === 'running')
}
