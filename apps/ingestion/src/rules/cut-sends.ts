import type { TopicSend, WireRecord } from '@millrace/kafka'
import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { Encoded } from './encode-records.ts'

/**
 * Cuts a page into sends, each acknowledged before the next: first the events, in order, so that within one send the
 * event times lie no farther apart than lateness + slack, Spark's own delay; then the letters, a send a topic.
 *
 * So wherever Spark cuts its batches, no event it reads later is behind the watermark of what it has read.
 */
export function cutSends(stream: StreamDeclaration, page: readonly Encoded[]): TopicSend[] {
  const spreadMs = stream.latenessMs + stream.slackMs
  const events = eventTopic(stream)
  const sends: { topic: string; messages: WireRecord[] }[] = []
  const letters = new Map<string, WireRecord[]>()
  let first: number | null = null

  for (const { judged, outgoing } of page) {
    if (!outgoing) continue
    if (outgoing.topic !== events) {
      letters.set(outgoing.topic, [...(letters.get(outgoing.topic) ?? []), outgoing.record])
      continue
    }
    const time = Number(judged.record.eventTime)
    const last = sends.at(-1)
    if (last && first !== null && time - first <= spreadMs) {
      last.messages.push(outgoing.record)
    } else {
      sends.push({ topic: events, messages: [outgoing.record] })
      first = time
    }
  }
  for (const [topic, messages] of letters) sends.push({ topic, messages })
  return sends
}
