import type { StreamDeclaration } from '@millrace/stream-kit'

/** Where an event was judged, and what became of it. */
export interface JudgedEvent {
  readonly epoch: number
  readonly seq: number
  readonly bucket: string
  readonly run: string | null
  readonly place:
    | { readonly kind: 'published'; readonly partition: number; readonly offset: number | null; readonly fields: Readonly<Record<string, string | number | boolean>> }
    | { readonly kind: 'late' | 'revised' }
    | null
}

export interface EventSearch {
  readonly found: JudgedEvent | null
  readonly isComplete: boolean
}

/** The events that ingestion has judged, by their id. */
export abstract class JudgedEvents {
  abstract find(stream: StreamDeclaration, id: string, time: number | null): Promise<EventSearch>
}
