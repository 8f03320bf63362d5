import { NothingDeclared } from '../rest.errors.ts'

/** Where a late event lies: with its event time, since letters are kept by day. */
export interface LateId {
  readonly eventTime: number
  readonly eventId: string
}

/** Where a dead letter lies: the day of its arrival, and the record that it is about. */
export interface DeadId {
  readonly day: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const lateId = /^(-?\d{1,15})\.([A-Za-z0-9_-]{22})$/
const deadId = /^(\d{4}-\d{2}-\d{2})\.([A-Za-z0-9._-]{1,249})\.(\d{1,9})\.(\d{1,15})$/

/** `1517443200000.q5mZ0mC8u0m1o1yqk6v2Gw`: event time and event id. */
export const writeLateId = ({ eventTime, eventId }: LateId): string => `${eventTime}.${eventId}`

/** Throws NothingDeclared for a text that is no such id. */
export function readLateId(text: string): LateId {
  const [, time, eventId] = lateId.exec(text) ?? []
  if (time === undefined || eventId === undefined) throw unknown('late event')
  return { eventTime: Number(time), eventId }
}

/** `2026-11-22.trades.v1.dead-letters.0.17`: day of arrival, topic, partition, offset. */
export const writeDeadId = ({ day, topic, partition, offset }: DeadId): string => `${day}.${topic}.${partition}.${offset}`

/** The parts of a dead letter's id; null for a text that is none. */
export function parseDeadId(text: string): DeadId | null {
  const [, day, topic, partition, offset] = deadId.exec(text) ?? []
  if (day === undefined || topic === undefined || Number.isNaN(Date.parse(day))) return null
  return { day, topic, partition: Number(partition), offset: Number(offset) }
}

/** Throws NothingDeclared for a text that is no such id. */
export function readDeadId(text: string): DeadId {
  const id = parseDeadId(text)
  if (!id) throw unknown('dead letter')
  return id
}

const unknown = (what: string): NothingDeclared => new NothingDeclared(`That is no id of a ${what}.`, ['a list of them, each with its id, one level up'])
