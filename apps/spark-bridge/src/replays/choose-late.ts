import { noLate, type ChosenEvent, type EventRange, type LateEvent, type LateFigures } from '@millrace/cassandra'
import { eventId } from '@millrace/kafka'
import { malformedBecause } from '@millrace/spark-connect'
import { keptEvent, streamLabel, windowStarts, type StreamDeclaration } from '@millrace/stream-kit'
import { ReplayError } from './replay.errors.ts'

export interface LateQuestion {
  readonly stream: StreamDeclaration
  /** Null: whichever there are. */
  readonly ids: ReadonlySet<string> | null
  /** Ids of those that count already. */
  readonly included: ReadonlySet<string>
  readonly finalUntil: number
  /** From which window start on everything is there that windows are built of. */
  readonly earliest: number | null
}

export interface ChosenLate {
  readonly chosen: readonly ChosenEvent[]
  readonly figures: LateFigures
  /** Holds every window that counts one of the chosen. Null: none was. */
  readonly range: EventRange | null
  /** The end of the last window that is not final and would count one. */
  readonly openUntil: number | null
  /** Of those that were asked for by id, the ones that are not in the late store. */
  readonly unknown: readonly string[]
}

/** They travel with the plan to Spark, and lie in memory until then. */
const most = { events: 20_000, bytes: 16_777_216 } as const

/** Which late events can be included: all of whose windows are final, and in a part of which the topic has all other events. */
export async function chooseLate(letters: AsyncIterable<LateEvent>, { stream, ids, included, finalUntil, earliest }: LateQuestion): Promise<ChosenLate> {
  const eventOf = lateEvent(stream)
  const figures: { -readonly [K in keyof LateFigures]: LateFigures[K] } = { ...noLate }
  const chosen: ChosenEvent[] = []
  const unknown = new Set(ids)
  let [range, openUntil, bytes]: [EventRange | null, number | null, number] = [null, null, 0]
  for await (const letter of letters) {
    if (ids !== null && !ids.has(letter.eventId)) continue
    unknown.delete(letter.eventId)
    const touched = touchedBy(stream, letter.eventTime)
    if (included.has(letter.eventId)) figures.included += 1
    else if (touched.to > finalUntil) {
      figures.open += 1
      openUntil = Math.max(openUntil ?? touched.to, touched.to)
    } else if (earliest !== null && touched.from < earliest) figures.expired += 1
    else {
      const value = eventOf(letter)
      if (value === null) figures.unreadable += 1
      else {
        chosen.push({ eventId: letter.eventId, eventTime: letter.eventTime, value })
        range = together(range, touched)
        bytes += value.length
        if (chosen.length > most.events || bytes > most.bytes) throw tooMany(stream)
      }
    }
  }
  return { chosen, figures: { ...figures, chosen: chosen.length }, range, openUntil, unknown: [...unknown] }
}

/** From the start of the first window to the end of the last that counts an event of this time. */
export function touchedBy({ views }: Pick<StreamDeclaration, 'views'>, time: number): EventRange {
  const starts = views.flatMap((view) => windowStarts(view, time).map((start) => ({ start, end: start + view.window.sizeMs })))
  return { from: Math.min(...starts.map(({ start }) => start)), to: Math.max(...starts.map(({ end }) => end)) }
}

export const together = (one: EventRange | null, other: EventRange): EventRange =>
  one === null ? other : { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) }

/** The event of a letter as its record would be on the topic; null where its bytes do not make the event any more that they were judged to be. */
function lateEvent(stream: StreamDeclaration): (letter: LateEvent) => Buffer | null {
  const because = malformedBecause(stream)
  return ({ eventId: id, eventTime, origin, value: bytes }) => {
    const event = keptEvent(stream, { origin, text: bytes.toString() })
    if (event === null) return null
    const value = Buffer.from(JSON.stringify(event))
    return because(value) === null && eventId(stream, event) === id && event[stream.eventTime] === eventTime ? value : null
  }
}

const tooMany = (stream: StreamDeclaration) =>
  new ReplayError('replay_too_large', `including late events of ${streamLabel(stream)}: there are more than ${most.events}, or ${most.bytes / 1_048_576} MiB of them. Ask for a shorter range.`)
