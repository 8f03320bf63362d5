import type { Line } from '../line/line.ts'
import { postJson } from './get-json.ts'

/** What `POST /control` takes. */
export interface Control {
  readonly speed?: number | 'max'
  readonly trades?: { readonly rate?: number; readonly stopAfter?: number; readonly duplicateShare?: number; readonly disorderMs?: number }
}

/** Tells the simulator how fast its clock goes, and how many trades it makes. */
export const control = (line: Line, change: Control): Promise<unknown> =>
  postJson(`${line.urls.simulator}/control`, change, { authorization: `Bearer ${line.key('control')}` })
