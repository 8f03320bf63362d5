import type { SeenEvent } from '@millrace/cassandra'
import { eventWindowAnswer, lateAnswer, NothingDeclared, readEventQuery, versionIn, viewRoutes, type StoredLate, type TimeRange } from '@millrace/rest'
import { eventTopic, keptEvent, spanOf, windowsOf, type Catalogue, type EventValues, type EventWindow, type StreamDeclaration } from '@millrace/stream-kit'
import { findStream } from '../find-stream.ts'
import type { KeptLetters } from '../letters/kept-letters.ts'
import { problem } from '../query-api.problems.ts'
import type { ServedGenerations } from '../served-generations.ts'
import type { ViewRows } from '../view-rows.ts'
import type { JudgedEvents } from './judged-events.ts'

export interface EventQuestion {
  readonly stream: string
  /** Null where the event is named by its fields. */
  readonly id: string | null
  readonly parameters: Readonly<Record<string, unknown>>
}

interface EventSources {
  readonly catalogue: Catalogue
  readonly events: JudgedEvents
  readonly letters: KeptLetters
  readonly rows: ViewRows
  readonly generations: ServedGenerations
}

type Answer = Readonly<Record<string, unknown>>

/** Tells in one answer where an event is. Throws NothingDeclared or RequestRefused. */
export class EventQueries {
  constructor(private readonly from: EventSources) {}

  async answer({ stream: name, id: asked, parameters }: EventQuestion): Promise<Answer> {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    const { id, time } = readEventQuery(stream, asked, parameters)
    const { found, isComplete } = await this.from.events.find(stream, id, time)
    if (!isComplete) throw problem('event_search_too_wide', { detail: `The ids of ${stream.name} are more than one answer can look through. Send time=<the event's time>: then only those around it are.` })
    if (!found) throw new NothingDeclared(`Event ${id} of ${stream.name} was not judged to be one${time === null ? '' : ` around ${new Date(time).toISOString()}`}, or longer ago than ids are kept: ${spanOf(keptMs(stream))}.`, [`/v1/streams/${stream.name}/dead-letters for records that are no events`])
    const about = { id, stream: stream.name, version: stream.version, run: found.run, page: { epoch: found.epoch, seq: found.seq } }
    const { place } = found
    if (place?.kind === 'published') return { ...about, state: 'published', eventTime: timeOf(stream, place.fields), topic: { topic: eventTopic(stream), partition: place.partition, offset: place.offset }, windows: await this.#windows(stream, windowsOf(stream, place.fields)), late: null }
    const late = await this.#late(stream, id, found)
    const event = late && keptEvent(stream, { origin: late.origin, text: late.value.toString() })
    const windows = event ? windowsOf(stream, event) : []
    // One that was included counts in their rows; for any other they only say where it would.
    const isCounted = (late?.includedGeneration ?? null) !== null
    return { ...about, state: late ? 'late' : 'judged', eventTime: late ? new Date(late.eventTime).toISOString() : null, topic: null, windows: isCounted ? await this.#windows(stream, windows) : windows.map((window) => ({ ...eventWindowAnswer(stream, window), row: null })), late: late && lateAnswer(late) }
  }

  /** The rows in which an event counts; null where there is none yet, or no more. */
  async #windows(stream: StreamDeclaration, windows: readonly EventWindow[]): Promise<readonly Answer[]> {
    const served = await this.from.generations.served(stream)
    return await Promise.all(windows.map(async (window) => {
      const route = viewRoutes(stream).find(({ view, groups }) => view.name === window.view.name && (groups === 'one') === (view.by.length > 0))
      const range: TimeRange = { from: window.start, to: window.start + 1 }
      const { rows } = route ? await this.from.rows.read({ route, group: window.view.by.length > 0 ? window.group : null, range, generations: served, limit: 1, after: null }) : { rows: [] }
      const [row] = rows
      if (!row) return { ...eventWindowAnswer(stream, window), row: null }
      const { stored: { events, generation }, isFinal } = row
      return { ...eventWindowAnswer(stream, window), row: { events, generation, final: isFinal } }
    }))
  }

  /** A late event lies by its time, of which its bucket is known: an hour at most, so a page of them is looked through. */
  async #late(stream: StreamDeclaration, id: string, { bucket }: SeenEvent): Promise<StoredLate | null> {
    const from = Date.parse(bucket)
    const { letters } = await this.from.letters.late({ stream, range: { from, to: from + 3_600_000 }, limit: 1, after: null, isWanted: ({ eventId }) => eventId === id })
    return letters[0] ?? null
  }
}

const timeOf = ({ eventTime }: StreamDeclaration, fields: EventValues): string => new Date(Number(fields[eventTime])).toISOString()

/** As ingestion keeps its ids. */
const keptMs = ({ retentionMs, latenessMs, slackMs }: StreamDeclaration): number => retentionMs + latenessMs + slackMs + 3_600_000
