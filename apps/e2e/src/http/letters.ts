import type { Line } from '../line/line.ts'
import { getJson } from './get-json.ts'

/** A late event or a dead letter as the query API lists it, as far as the tests ask. */
export interface KeptLetter {
  readonly id: string
  readonly reason: string
  readonly detail: string
  readonly origin: { readonly url: string }
  readonly eventId: string | null
  readonly eventTime: string | null
  readonly run: string
  readonly content: { readonly encoding: string; readonly text: string; readonly isCut: boolean }
  /** Of a dead letter. */
  readonly state?: 'open' | 'redriven'
  readonly redriven?: { readonly run: string } | null
  /** Of a late event. */
  readonly includedGeneration?: number | null
}

export interface LetterList {
  readonly data: readonly KeptLetter[]
  readonly page: { readonly next: string | null }
}

export interface LetterCounts {
  readonly letters: number
  readonly byReason: Readonly<Record<string, number>>
  readonly byState?: Readonly<Record<'open' | 'redriven', number>>
  readonly byWindow?: readonly { readonly view: string; readonly group: Readonly<Record<string, string>>; readonly start: string; readonly letters: number }[]
}

type Store = 'late' | 'dead-letters'

/** Up to 200 of them, the newest first. */
export const letters = async ({ urls: { queryApi } }: Line, stream: string, store: Store, query = ''): Promise<readonly KeptLetter[]> =>
  (await getJson<LetterList>(`${queryApi}/v1/streams/${stream}/${store}?limit=200${query}`)).data

export const letterCounts = ({ urls: { queryApi } }: Line, stream: string, store: Store): Promise<LetterCounts> => getJson(`${queryApi}/v1/streams/${stream}/${store}/counts`)
