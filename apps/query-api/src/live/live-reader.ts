import type { MessageEvent } from '@nestjs/common'
import { Observable, type Subscriber } from 'rxjs'
import type { ViewRow } from '../view-rows.ts'
import { writePlace, type LivePlace } from './live-events.ts'

export interface LiveReaderOptions {
  /** Only windows that start then or later, in epoch milliseconds; null: the usual. */
  readonly from: number | null
  /** Where it was when its connection broke. */
  readonly place: LivePlace | null
  /** Epoch milliseconds. */
  readonly since: number
  readonly correlationId: string
}

/** One connection that follows a feed. What it is sent before Nest listens is kept until then. */
export class LiveReader {
  readonly from: number | null
  readonly since: number
  readonly correlationId: string
  /** The generations that it has the rows of; null until it has any. */
  plan: string | null = null
  place: LivePlace | null
  isEnded = false
  #early: MessageEvent[] = []
  #listener: Subscriber<MessageEvent> | undefined

  /** For one listener. */
  readonly events = new Observable<MessageEvent>((listener) => {
    for (const event of this.#early.splice(0)) listener.next(event)
    if (this.isEnded) listener.complete()
    else this.#listener = listener
  })

  constructor({ from, place, since, correlationId }: LiveReaderOptions) {
    this.from = from
    this.place = place
    this.since = since
    this.correlationId = correlationId
  }

  /** The id of an event that brings it no further. */
  get id(): string {
    return writePlace(this.plan === null ? null : this.place)
  }

  /** Whether it has asked for windows as old as this one. */
  wants({ stored: { start } }: Pick<ViewRow, 'stored'>): boolean {
    return this.from === null || start >= this.from
  }

  send(event: MessageEvent): void {
    if (this.#listener) this.#listener.next(event)
    else this.#early.push(event)
  }

  /** It has got everything that there is; a browser connects again by itself. */
  end(): void {
    this.isEnded = true
    this.#listener?.complete()
  }
}
