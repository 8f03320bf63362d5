import { readDeadLetterId, type DeadLetterPlace } from '@millrace/stream-kit'
import { NothingDeclared } from '../rest.errors.ts'

/** Where a late event lies: with its event time, since letters are kept by day. */
export interface LateId {
  readonly eventTime: number
  readonly eventId: string
}

const lateId = /^(-?\d{1,15})\.([A-Za-z0-9_-]{22})$/

/** `1517443200000.q5mZ0mC8u0m1o1yqk6v2Gw`: event time and event id. */
export const writeLateId = ({ eventTime, eventId }: LateId): string => `${eventTime}.${eventId}`

/** Throws NothingDeclared for a text that is no such id. */
export function readLateId(text: string): LateId {
  const [, time, eventId] = lateId.exec(text) ?? []
  if (time === undefined || eventId === undefined) throw unknown('late event')
  return { eventTime: Number(time), eventId }
}

/** Throws NothingDeclared for a text that is no such id. */
export function readDeadId(text: string): DeadLetterPlace {
  const id = readDeadLetterId(text)
  if (!id) throw unknown('dead letter')
  return id
}

const unknown = (what: string): NothingDeclared => new NothingDeclared(`That is no id of a ${what}.`, ['a list of them, each with its id, one level up'])
