import type { Line } from '../line/line.ts'
import { getJson } from './get-json.ts'

/** One streaming query as `GET /v1/queries` of the bridge shows it, as far as the tests ask. */
export interface QueryStatus {
  readonly name: string
  readonly stream: string
  readonly generation: number
  readonly state: string
  readonly runId: string | null
  readonly lastError: { readonly code: string; readonly message: string } | null
  readonly stateRows: number
  readonly duplicates: number
  readonly malformed: number
  /** Next offset of the stream's topic by partition. */
  readonly committedOffsets: Readonly<Record<string, number>>
}

export const queryStatuses = async ({ urls: { sparkBridge } }: Line): Promise<readonly QueryStatus[]> =>
  (await getJson<{ data: readonly QueryStatus[] }>(`${sparkBridge}/v1/queries`)).data

/** How many rows the state of a stream's queries has, after their last batch. */
export const stateRows = async (line: Line, name: string): Promise<number> =>
  (await queryStatuses(line)).filter(({ stream }) => stream === name).reduce((sum, { stateRows: rows }) => sum + rows, 0)
