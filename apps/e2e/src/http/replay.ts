import type { Row } from './read-view.ts'

/** A replay or an inclusion as the bridge shows it, as far as the tests ask. */
export interface ReplayAnswer {
  readonly id: string
  readonly kind: 'replay' | 'include'
  readonly state: 'queued' | 'running' | 'ready' | 'succeeded' | 'discarded' | 'failed' | 'abandoned'
  readonly from: string | null
  readonly to: string | null
  readonly generation: number | null
  readonly figures: Readonly<Record<'compared' | 'equal' | 'different' | 'missing' | 'extra', number>>
  readonly differences: readonly { readonly view: string; readonly group: Row; readonly windowStart: string }[]
  readonly late: Readonly<Record<'chosen' | 'included' | 'open' | 'expired' | 'unreadable', number>> | null
  readonly error: unknown
}
