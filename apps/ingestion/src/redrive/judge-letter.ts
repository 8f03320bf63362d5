import { isUtf8 } from 'node:buffer'
import type { KeptDeadLetter, MappingStep, RedriveOutcome, RunRedrive } from '@millrace/cassandra'
import type { LetterOrigin } from '@millrace/kafka'
import { letterReason, type StreamDeclaration } from '@millrace/stream-kit'
import type { EventValidator } from '../rules/event-validator.ts'
import { readRecord } from '../rules/read-record.ts'
import type { SeenId } from '../rules/seen-index.ts'
import type { CandidateRecord, SourceRecord } from '../rules/source-record.ts'
import { applyMapping } from './mapping.ts'

/** A letter is tried in vain so often; then it is left alone until somebody asks for it. */
export const mostAttempts = 3

/** A letter as a redrive takes it up: why it is left alone, or the record that it holds. */
export type TakenLetter = { readonly letter: KeptDeadLetter } & (
  | { readonly kind: 'left'; readonly outcome: RedriveOutcome; readonly detail: string }
  | { readonly kind: 'read'; readonly record: SourceRecord })

interface TakeContext {
  readonly stream: StreamDeclaration
  readonly validate: EventValidator
  readonly redrive: Pick<RunRedrive, 'mapping' | 'retriesExhausted' | 'letters'>
  readonly nowMs: number
}

const inPart = /\(the first \d+ of \d+ bytes are kept\)$/

/** Reads the record of a letter, with the mapping applied. A function of the letter and the clock alone. */
export function takeLetter(letter: KeptDeadLetter, { stream, validate, redrive, nowMs }: TakeContext): TakenLetter {
  const left = (outcome: RedriveOutcome, detail: string): TakenLetter => ({ letter, kind: 'left', outcome, detail })
  const known = letterReason(letter.reason)
  if (letter.redriven) return left('redriven', `run ${letter.redriven.run} has made an event of it`)
  if (!known || known.redrive === 'none') return left('not-a-record', known ? known.remedy : `the reason ${letter.reason} is of another version`)
  if (letter.attempts >= mostAttempts && !redrive.retriesExhausted && redrive.letters === null) return left('exhausted', `it has failed ${letter.attempts} times; name it in ids, or send retryExhausted`)
  if (inPart.test(letter.detail)) return left('cut', 'it is kept only in part')
  const { source } = stream
  const asRead = known.redrive === 'event' ? { ...stream, source: { ...source, toEvent: (value: unknown) => value } } : stream
  const { value, bytes } = mapped(letter.value, redrive.mapping)
  const record = readRecord({ value, bytes: () => bytes, origin: originOf(letter), isUtf8: isUtf8(letter.value) }, { stream: asRead, validate, clockMs: nowMs })
  return { letter, kind: 'read', record }
}

/** What an event of a letter is, against what the stream knows. */
export function judgeEvent({ id, content, eventTime }: CandidateRecord, { letter, watermark, highest, find }: {
  readonly letter: Pick<KeptDeadLetter, 'reason'>
  readonly watermark: number | null
  readonly highest: number | null
  readonly find: (id: string) => SeenId | undefined
}): { readonly outcome: Extract<RedriveOutcome, 'published' | 'late' | 'repeated' | 'revised' | 'ahead'>; readonly detail: string } {
  // It would push Spark's watermark past events that the cursor has still to find.
  if (highest === null || eventTime > highest) return { outcome: 'ahead', detail: `the event is of ${iso(eventTime)}, ahead of every event so far (${highest === null ? 'none' : iso(highest)})` }
  const known = find(id)
  // One that Kafka has refused is known, and yet on no topic.
  if (known && letter.reason !== 'publish-refused') return known.contents.startsWith(content) ? { outcome: 'repeated', detail: 'an event of this id and content was accepted before' } : { outcome: 'revised', detail: 'an event of this id was accepted before with other content' }
  return watermark !== null && eventTime < watermark ? { outcome: 'late', detail: `the event is of ${iso(eventTime)}, behind the watermark ${iso(watermark)}` } : { outcome: 'published', detail: `the event is of ${iso(eventTime)}` }
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** What is no JSON is judged as the text that it is: unreadable. */
function mapped(bytes: Buffer, mapping: readonly MappingStep[]): { readonly value: unknown; readonly bytes: Buffer } {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return { value: null, bytes }
  }
  if (mapping.length === 0) return { value, bytes }
  const changed = applyMapping(value, mapping)
  return { value: changed, bytes: Buffer.from(JSON.stringify(changed)) }
}

function originOf({ origin }: KeptDeadLetter): LetterOrigin {
  try {
    return JSON.parse(origin) as LetterOrigin
  } catch {
    return { url: origin, page: 0, index: 0 }
  }
}
