/** What query-api answers of what was kept apart, and of one event. `answers.spec.ts` holds it against the OpenAPI document. */

export interface LetterAnswer {
  readonly id: string
  readonly reason: string
  readonly detail: string
  /** `{url, page, index}` or `{topic, partition, offset}`, or what else was written. */
  readonly origin?: unknown
  readonly eventId: string | null
  readonly eventTime: string | null
  readonly run: string | null
  readonly receivedAt: string
  readonly content: { readonly encoding: 'utf-8' | 'base64'; readonly text: string; readonly bytes: number; readonly isCut: boolean }
}

export interface LateAnswer extends LetterAnswer {
  readonly includedGeneration: number | null
}

interface Attempt {
  readonly run: string
  readonly at: string
}

export interface DeadAnswer extends LetterAnswer {
  readonly hop: 'fetch' | 'validate' | 'publish' | 'aggregate' | 'store' | null
  readonly redrive: 'record' | 'event' | 'none'
  readonly state: 'open' | 'redriven'
  readonly attempts: number
  readonly lastAttempt: (Attempt & { readonly reason: string; readonly detail: string }) | null
  readonly redriven: Attempt | null
}

export interface LetterPage<Letter> {
  readonly data: readonly Letter[]
  readonly page: { readonly next: string | null }
}

export interface LetterCounts {
  readonly from: string
  readonly to: string
  readonly letters: number
  readonly byReason: Readonly<Record<string, number>>
  /** Of dead letters. */
  readonly byState?: { readonly open: number; readonly redriven: number }
  readonly page: { readonly next: string | null }
}

/** A window in which an event counts, or would if it were not late. */
export interface EventWindow {
  readonly view: string
  readonly group: Readonly<Record<string, string | number | boolean>>
  readonly start: string
  readonly end: string
  readonly path: string
  readonly row: { readonly events: number; readonly generation: number; readonly final: boolean } | null
}

export interface EventAnswer {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly run: string | null
  readonly page: { readonly epoch: number; readonly seq: number }
  readonly state: 'published' | 'late' | 'judged'
  readonly eventTime: string | null
  readonly topic: { readonly topic: string; readonly partition: number; readonly offset: number | null } | null
  readonly windows: readonly EventWindow[]
  readonly late: LateAnswer | null
}
