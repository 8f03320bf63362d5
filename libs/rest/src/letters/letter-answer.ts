import { isUtf8 } from 'node:buffer'
import { deadLetterId, letterReason, viewPath, type DeadLetterPlace, type EventWindow, type LetterRedrive, type StreamDeclaration } from '@millrace/stream-kit'
import { writeValue, type FieldValue } from '../field-values.ts'
import { writeLateId } from './letter-ids.ts'

/** A letter as the store hands it over. Instants are epoch milliseconds. */
export interface StoredLetter {
  readonly reason: string
  readonly detail: string
  /** JSON text. */
  readonly origin: string
  readonly run: string
  readonly value: Buffer
  readonly receivedAt: number
}

export interface StoredLate extends StoredLetter {
  readonly eventId: string
  readonly eventTime: number
  /** The generation that has first counted it; absent or null where none does. */
  readonly includedGeneration?: number | null
}

export interface StoredDead extends StoredLetter, DeadLetterPlace {
  readonly key: string
  readonly eventTime: number | null
  readonly attempts: number
  readonly lastAttempt: { readonly run: string; readonly at: number; readonly reason: string; readonly detail: string } | null
  readonly redriven: { readonly run: string; readonly at: number } | null
}

/** The original bytes: as text where they are UTF-8, else as base64. */
export interface LetterContent {
  readonly encoding: 'utf-8' | 'base64'
  readonly text: string
  /** How many the letter has. */
  readonly bytes: number
  /** Whether there are more than are shown here. */
  readonly isCut: boolean
}

/** What a list shows of the bytes; the letter itself shows all of them. */
export const shownBytes = 4_096

export interface LetterAnswer {
  readonly id: string
  readonly reason: string
  readonly detail: string
  readonly origin: unknown
  readonly eventId: string | null
  readonly eventTime: string | null
  readonly run: string | null
  readonly receivedAt: string
  readonly content: LetterContent
}

export interface LateAnswer extends LetterAnswer {
  readonly includedGeneration: number | null
}

export interface WindowOfLetter {
  readonly view: string
  readonly group: Readonly<Record<string, FieldValue>>
  readonly start: string
  readonly end: string
  /** Where its rows are read. */
  readonly path: string
}

export interface DeadAnswer extends LetterAnswer {
  readonly hop: string | null
  /** What a redrive takes its bytes for. */
  readonly redrive: LetterRedrive
  readonly state: 'open' | 'redriven'
  readonly attempts: number
  readonly lastAttempt: { readonly run: string; readonly at: string; readonly reason: string; readonly detail: string } | null
  readonly redriven: { readonly run: string; readonly at: string } | null
}

/** A late event as it is answered. */
export const lateAnswer = (letter: StoredLate, most = shownBytes): LateAnswer => ({ id: writeLateId(letter), ...common(letter, most), eventId: letter.eventId, eventTime: iso(letter.eventTime), includedGeneration: letter.includedGeneration ?? null })

/** A dead letter as it is answered. */
export function deadAnswer(letter: StoredDead, most = shownBytes): DeadAnswer {
  const { key, eventTime, attempts, lastAttempt, redriven, reason } = letter
  const known = letterReason(reason)
  return {
    id: deadLetterId(letter),
    ...common(letter, most),
    eventId: /^[A-Za-z0-9_-]{22}$/.test(key) ? key : null,
    eventTime: eventTime === null ? null : iso(eventTime),
    hop: known?.hop ?? null,
    redrive: known?.redrive ?? 'none',
    state: redriven ? 'redriven' : 'open',
    attempts,
    lastAttempt: lastAttempt && { ...lastAttempt, at: iso(lastAttempt.at) },
    redriven: redriven && { run: redriven.run, at: iso(redriven.at) },
  }
}

/** A window in which an event counts, as it is answered. */
export function eventWindowAnswer(stream: Pick<StreamDeclaration, 'name' | 'version' | 'event'>, { view, group, start, end }: EventWindow): WindowOfLetter {
  const values = view.by.map((name, at): [string, FieldValue] => [name, writeValue(group[at] ?? '', stream.event[name]?.kind ?? 'text')])
  const path = [viewPath(stream, view), ...values.map(([, value]) => encodeURIComponent(String(value)))].join('/')
  return { view: view.name, group: Object.fromEntries(values), start: iso(start), end: iso(end), path: `${path}?from=${iso(start)}&to=${iso(start + 1)}` }
}

const common = ({ reason, detail, origin, run, value, receivedAt }: StoredLetter, most: number) => ({ reason, detail, origin: originOf(origin), run: run === '' ? null : run, receivedAt: iso(receivedAt), content: contentOf(value, most) })

function contentOf(value: Buffer, most: number): LetterContent {
  const isCut = value.length > most
  const isText = isUtf8(value)
  // A character is not cut in two.
  const shown = isCut ? value.subarray(0, isText ? textEnd(value, most) : most) : value
  return { encoding: isText ? 'utf-8' : 'base64', text: shown.toString(isText ? 'utf8' : 'base64'), bytes: value.length, isCut }
}

function textEnd(value: Buffer, most: number): number {
  let end = most
  while (end > 0 && ((value[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return end
}

function originOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const iso = (ms: number): string => String(writeValue(ms, 'instant'))
