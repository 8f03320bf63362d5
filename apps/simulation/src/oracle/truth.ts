import { decodeLetter, type ReadRecord } from '@millrace/kafka'
import { deadLetterTopic, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { SourceItem } from '../stream.ts'
import { windowKey, windowsOf, type EventWindow, type SightingEvent } from './windows-of.ts'

export interface TrueWindow extends EventWindow {
  events: number
  birds: number
}

/**
 * What is true of a world, kept beside it and by other means than the line's: what the source has returned, what lies on
 * the topics, and what the rows must therefore be.
 */
export class Truth {
  /** Every id that the source has returned in a record that reads as an event. */
  readonly returned = new Set<string>()
  /** Every text that the source has returned that reads as none. */
  readonly broken = new Set<string>()
  /** By id: the content that was published. */
  readonly published = new Map<string, string>()
  readonly late = new Set<string>()
  /** The texts among the dead letters. */
  readonly dead = new Set<string>()
  readonly windows = new Map<string, TrueWindow>()
  readonly #stream: StreamDeclaration
  readonly #topics: { readonly events: string; readonly late: string; readonly dead: string }
  readonly #violated: (what: string) => void

  constructor(stream: StreamDeclaration, violated: (what: string) => void) {
    this.#stream = stream
    this.#topics = { events: eventTopic(stream), late: lateTopic(stream), dead: deadLetterTopic(stream) }
    this.#violated = violated
  }

  sourceReturned(item: SourceItem): void {
    // Shown where it was read already: paging by places may pass over it for good, and nobody could know.
    if (item.seq % 10 !== 0) return
    if (typeof item.bird === 'string' && item.bird !== '' && typeof item.count === 'number' && typeof item.seenAt === 'number') this.returned.add(item.id)
    else this.broken.add(JSON.stringify(item))
  }

  appended(topic: string, { key, value, headers, offset }: ReadRecord): void {
    if (topic === this.#topics.events) this.#event(value?.toString() ?? '')
    else if (topic === this.#topics.late) this.#late(decodeLetter({ key, value, headers }).value.toString())
    else if (topic === this.#topics.dead) this.dead.add(value?.toString() ?? '')
    else if (offset < 0n) throw new RangeError('An offset is never negative.')
  }

  /** Whether nothing of this record can be lost any more: it is on a topic. */
  isKept(item: SourceItem): boolean {
    return this.published.has(item.id) || this.late.has(item.id) || this.dead.has(JSON.stringify(item))
  }

  #event(text: string): void {
    const event = JSON.parse(text) as SightingEvent
    const before = this.published.get(event.id)
    if (before === text) return
    if (before !== undefined) {
      this.#violated(`${event.id} is on the topic with two contents: ${before} and ${text}`)
      return
    }
    if (this.late.has(event.id)) this.#violated(`${event.id} was kept as late, and is published all the same`)
    this.published.set(event.id, text)
    for (const window of windowsOf(this.#stream, event)) {
      const found = this.windows.get(windowKey(window)) ?? { ...window, events: 0, birds: 0 }
      this.windows.set(windowKey(window), found)
      found.events += 1
      found.birds += event.count ?? 0
    }
  }

  #late(text: string): void {
    const { id } = JSON.parse(text) as SourceItem
    if (this.published.has(id)) this.#violated(`${id} was published, and is kept as late all the same`)
    this.late.add(id)
  }
}
