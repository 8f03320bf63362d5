/** Where a dead letter lies: the day of its arrival, and the record that it is about. */
export interface DeadLetterPlace {
  /** `YYYY-MM-DD` in UTC. */
  readonly day: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const shape = /^(\d{4}-\d{2}-\d{2})\.([A-Za-z0-9._-]{1,249})\.(\d{1,9})\.(\d{1,15})$/

/** `2026-11-22.trades.v1.dead-letters.0.17`: day of arrival, topic, partition, offset. */
export const deadLetterId = ({ day, topic, partition, offset }: DeadLetterPlace): string => `${day}.${topic}.${partition}.${offset}`

/** The parts of a dead letter's id; null for a text that is none. */
export function readDeadLetterId(text: string): DeadLetterPlace | null {
  const [, day, topic, partition, offset] = shape.exec(text) ?? []
  if (day === undefined || topic === undefined || Number.isNaN(Date.parse(day))) return null
  return { day, topic, partition: Number(partition), offset: Number(offset) }
}
