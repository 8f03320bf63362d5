import type { StreamDeclaration } from './declaration.ts'
import type { EventValues } from './event.ts'
import { normaliseEvent } from './normalise-event.ts'

/** What a letter keeps of a record, whichever store it lies in. */
export interface KeptText {
  /** JSON text: where the bytes come from. */
  readonly origin: string
  /** The original bytes, read as UTF-8. */
  readonly text: string
}

/** Whether the bytes lay on a topic: then they are an event as it travels, else a record as the source wrote it. */
export const isFromTopic = ({ origin }: Pick<KeptText, 'origin'>): boolean => {
  const parsed = parse(origin)
  return typeof parsed === 'object' && parsed !== null && 'topic' in parsed
}

/** The event in a letter's bytes; null where they hold none, as those that were kept in part. It is not checked against the schema. */
export function keptEvent({ event, source }: Pick<StreamDeclaration, 'event' | 'source'>, letter: KeptText): EventValues | null {
  const value = parse(letter.text)
  if (value === undefined) return null
  try {
    return normaliseEvent(event, isFromTopic(letter) ? value : source.toEvent(value))
  } catch {
    return null
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
