import { setTimeout as pause } from 'node:timers/promises'
import { EventStream, isBrokenOff, type StreamedEvent } from '@millrace/testing/event-stream'
import type { Row } from './read-view.ts'

export interface FollowOptions {
  /** `/v1/live/trades/per-10-seconds?from=…` */
  readonly url: string
  /** What makes a row one and the same. */
  readonly key: readonly string[]
  readonly onRow?: (row: Row) => void
}

/** Follows a live feed as a browser does: it connects again whenever the connection ends, with the id of the last event it got. */
export class ViewFollower {
  readonly rows = new Map<string, Row>()
  connections = 0
  resets = 0
  #lastEventId = ''
  #stream: EventStream | undefined
  readonly #closing = new AbortController()
  readonly #running: Promise<void>

  constructor(private readonly options: FollowOptions) {
    this.#running = this.#follow()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#stream?.close()
    await this.#running
  }

  async #follow(): Promise<void> {
    const isClosed = () => this.#closing.signal.aborted
    while (!isClosed()) {
      const stream = await this.#connect()
      // Closed while it was connecting: nobody else ends it.
      if (isClosed()) stream?.close()
      await stream?.ended
      await pause(100)
    }
  }

  /** Undefined while nobody answers. */
  async #connect(): Promise<EventStream | undefined> {
    try {
      this.#stream = await EventStream.open(this.options.url, this.#lastEventId === '' ? {} : { 'last-event-id': this.#lastEventId }, (event) => { this.#take(event) })
    } catch (error) {
      if (!isBrokenOff(error)) throw error
      return undefined
    }
    if (!this.#stream.response.ok) return undefined
    this.connections++
    return this.#stream
  }

  #take({ type, id, data }: StreamedEvent): void {
    this.#lastEventId = id
    if (type === 'reset') {
      this.resets++
      this.rows.clear()
    }
    if (type !== 'window') return
    const row = data as Row
    this.rows.set(JSON.stringify(this.options.key.map((name) => row[name])), row)
    this.options.onRow?.(row)
  }
}
