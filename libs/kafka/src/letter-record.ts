import type { ReadRecord, WireRecord } from './wire-record.ts'

/** Where the bytes of a letter come from: an item of a page of the source, a record of a topic, or an event that a topic has refused. */
export type LetterOrigin =
  | { readonly url: string; readonly page: number; readonly index: number }
  | { readonly topic: string; readonly partition: number; readonly offset: string }
  | { readonly topic: string; readonly id: string }

/** A record that is kept apart: late, rejected, or revised. */
export interface Letter {
  /** The event's id where it has one, else the origin as text. */
  readonly key: string
  /** The original bytes. */
  readonly value: Buffer
  /** One word: `late`, `schema`, `revised`, … */
  readonly reason: string
  /** What exactly is wrong, for people. */
  readonly detail: string
  readonly origin: LetterOrigin
  /** Epoch milliseconds, where it could be read. */
  readonly eventTime?: number
  readonly run: string
}

/**
 * One letter on `<stream>.v<version>.late` or `.dead-letters`.
 *
 *     key      q5mZ0mC8u0m1o1yqk6v2Gw                        event id, or the origin's JSON
 *     value    the original bytes
 *     headers  reason      schema
 *              detail      /magnitude must be number
 *              origin      {"url":"http://…","page":0,"index":17}
 *              event-time  1517443200000                     where it could be read
 *              run         0197…
 */
export function letterRecord({ key, value, reason, detail, origin, eventTime, run }: Letter): Required<Omit<WireRecord, 'partition'>> {
  return {
    key: Buffer.from(key),
    value,
    headers: { reason, detail, origin: JSON.stringify(origin), ...(eventTime !== undefined && { 'event-time': String(eventTime) }), run },
  }
}

/** The letter in a record; what is missing is said in its own fields, since letters must never be lost to a reader that is too strict. */
export function decodeLetter({ key, value, headers }: Pick<ReadRecord, 'key' | 'value' | 'headers'>): Letter {
  const eventTime = Number(headers['event-time'] ?? Number.NaN)
  return {
    key: key?.toString() ?? '',
    value: value ?? Buffer.alloc(0),
    reason: headers['reason'] ?? 'unknown',
    detail: headers['detail'] ?? '',
    origin: parseOrigin(headers['origin']),
    ...(Number.isSafeInteger(eventTime) && { eventTime }),
    run: headers['run'] ?? '',
  }
}

function parseOrigin(text: string | undefined): LetterOrigin {
  try {
    return JSON.parse(text ?? '') as LetterOrigin
  } catch {
    return { url: text ?? '', page: 0, index: 0 }
  }
}
