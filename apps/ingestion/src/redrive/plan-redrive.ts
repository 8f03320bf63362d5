import type { KeptDeadLetter, LetterMark, RedriveOutcome, RedriveReport } from '@millrace/cassandra'
import { eventRecord, letterRecord } from '@millrace/kafka'
import { deadLetterId, eventTopic, lateTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { sizeOf, type Encoded } from '../rules/encode-records.ts'
import type { Judged } from '../rules/judge-records.ts'
import type { SourceRecord } from '../rules/source-record.ts'
import { bucketAt } from '../rules/time-bucket.ts'

/** A letter with what became of it. */
export interface JudgedLetter {
  readonly letter: KeptDeadLetter
  readonly outcome: RedriveOutcome
  readonly detail: string
  /** Null where it was left alone. */
  readonly record: SourceRecord | null
}

interface PlanContext {
  readonly stream: StreamDeclaration
  readonly run: string
  readonly seenBucketMs: number
  readonly nowMs: number
}

/** The letter as the books, the topics and the seen ids take it; null where it was left alone. */
export function encodeLetter({ record, outcome, detail, letter }: JudgedLetter, { stream, run, seenBucketMs }: PlanContext): Encoded | null {
  if (!record) return null
  if (record.kind === 'refused') return { judged: { verdict: 'rejected', record, seen: { bucket: '', id: record.id, content: record.content } }, outgoing: null }
  if (outcome !== 'published' && outcome !== 'late') return { judged: { verdict: 'repeated', record, seen: null } satisfies Judged, outgoing: null }
  const seen = { bucket: bucketAt(record.eventTime, seenBucketMs), id: record.id, content: record.content }
  if (outcome === 'published') return { judged: { verdict: 'published', record, seen }, outgoing: sized(eventTopic(stream), eventRecord(stream, record.event, { run, id: record.id })) }
  const late = letterRecord({ key: record.id, value: record.bytes(), reason: 'redrive', detail: `${detail}; it was the dead letter ${deadLetterId(letter)}`, origin: record.origin, eventTime: record.eventTime, run })
  return { judged: { verdict: 'late', record, seen }, outgoing: sized(lateTopic(stream), late) }
}

const sized = (topic: string, record: Parameters<typeof sizeOf>[0]) => ({ topic, record, bytes: sizeOf(record) })

/** What is written on a letter; null where it was left alone. */
export function markOf({ letter, outcome, detail, record }: JudgedLetter, { run, nowMs }: PlanContext): LetterMark | null {
  if (!record) return null
  const { day, topic, partition, offset, attempts } = letter
  const about = { letter: { day, topic, partition, offset }, eventId: record.kind === 'candidate' ? record.id : null, before: attempts }
  if (outcome === 'published' || outcome === 'late' || outcome === 'repeated') return { ...about, redriven: { run, at: nowMs } }
  const reason = record.kind === 'refused' ? record.reason : outcome
  return { ...about, attempts: attempts + 1, attempt: { run, at: nowMs, reason, detail } }
}

export const emptyReport: RedriveReport = { outcomes: {}, examples: [] }

/** A report goes along with every page, so it tells only of the first letters one by one; that of a dry run of more. */
const mostExamples = { real: 20, dry: 200 } as const
const longestDetail = 200

export function reportOn({ outcomes, examples }: RedriveReport, judged: readonly JudgedLetter[], { isDryRun }: { readonly isDryRun: boolean }): RedriveReport {
  const counts: Partial<Record<RedriveOutcome, number>> = { ...outcomes }
  for (const { outcome } of judged) counts[outcome] = (counts[outcome] ?? 0) + 1
  const room = (isDryRun ? mostExamples.dry : mostExamples.real) - examples.length
  return { outcomes: counts, examples: [...examples, ...judged.slice(0, Math.max(0, room)).map(({ letter, outcome, detail }) => ({ letter: deadLetterId(letter), outcome, detail: detail.slice(0, longestDetail) }))] }
}
