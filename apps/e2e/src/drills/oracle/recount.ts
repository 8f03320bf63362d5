import { randomUUID } from 'node:crypto'
import { getJson, postJson, UnexpectedAnswer } from '../../http/get-json.ts'
import { eventually } from '../../line/eventually.ts'
import type { Line } from '../../line/line.ts'

export interface RecountAnswer {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed'
  readonly verdict: 'equal' | 'different' | null
  readonly figures: { readonly compared: number; readonly equal: number; readonly different: number; readonly missing: number; readonly extra: number }
  readonly error: unknown
}

/** Has Spark count a range of a stream again, apart from the query, and compare; waits for the end. Null where nothing in it is final. */
export async function recount(line: Line, stream: string, from: number): Promise<RecountAnswer | null> {
  const headers = { authorization: `Bearer ${line.key('trigger')}`, 'idempotency-key': randomUUID() }
  const ask = async (): Promise<RecountAnswer | 'nothing'> => {
    try {
      return await postJson<RecountAnswer>(`${line.urls.sparkBridge}/v1/recounts`, { stream, from: new Date(from).toISOString() }, headers)
    } catch (error) {
      // Nothing is final yet from there on.
      if (error instanceof UnexpectedAnswer && /nothing_final|range_empty/.test(error.message)) return 'nothing'
      throw error
    }
  }
  const entered = await eventually(ask, { deadlineMs: 120_000, everyMs: 1_000, what: `a recount of ${stream} to be entered` })
  if (entered === 'nothing') return null
  return eventually(async () => {
    const answer = await getJson<RecountAnswer>(`${line.urls.sparkBridge}/v1/recounts/${entered.id}`, { authorization: headers.authorization })
    return (answer.state === 'succeeded' || answer.state === 'failed') && answer
  }, { deadlineMs: 240_000, everyMs: 250, what: `recount ${entered.id} to end` })
}
