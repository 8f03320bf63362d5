import type { LetterMark } from '@millrace/cassandra'
import type { WireRecord } from '@millrace/kafka'

/** The marks of a page's letters. One whose event Kafka refuses has failed again, whatever it was judged. */
export function marksOf(marks: readonly LetterMark[], refused: readonly WireRecord[]): LetterMark[] {
  const ids = new Set(refused.map(({ headers }) => headers?.['ce_id']))
  return marks.map((mark): LetterMark => {
    if (!('redriven' in mark) || mark.eventId === null || !ids.has(mark.eventId)) return mark
    const { letter, eventId, before, redriven: { run, at } } = mark
    return { letter, eventId, before, attempts: before + 1, attempt: { run, at, reason: 'publish-refused', detail: 'Kafka refuses the event' } }
  })
}
