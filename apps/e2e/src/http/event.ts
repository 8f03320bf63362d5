import type { Line } from '../line/line.ts'
import { getJson } from './get-json.ts'
import type { KeptLetter } from './letters.ts'

/** Where one event is, as far as the tests ask. */
export interface EventAnswer {
  readonly id: string
  readonly run: string | null
  readonly page: { readonly epoch: number; readonly seq: number }
  readonly state: 'published' | 'late' | 'judged'
  readonly eventTime: string | null
  readonly topic: { readonly topic: string; readonly partition: number; readonly offset: number | null } | null
  readonly windows: readonly {
    readonly view: string
    readonly group: Readonly<Record<string, string>>
    readonly start: string
    readonly end: string
    readonly path: string
    readonly row: { readonly events: number; readonly generation: number; readonly final: boolean } | null
  }[]
  readonly late: KeptLetter | null
}

/** A quake by the id that its source gave it. Throws UnexpectedAnswer with 404 where it is no event. */
export const quakeEvent = ({ urls: { queryApi } }: Line, id: string): Promise<EventAnswer> => getJson(`${queryApi}/v1/streams/earthquakes/events?id=${encodeURIComponent(id)}`)
