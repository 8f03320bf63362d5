import { hash } from 'node:crypto'
import type { EventValues, StreamDeclaration } from '@millrace/stream-kit'

/**
 * The deterministic id of an event, 22 characters: the same record has the same id at every reading of the source.
 *
 *     base64url(first 128 bits of SHA-256(["earthquakes",1,"ci1"]))
 *
 * The hashed text is JSON, so that no value can run into the next one.
 */
export function eventId(stream: Pick<StreamDeclaration, 'name' | 'version' | 'id'>, event: EventValues): string {
  return hash('sha256', JSON.stringify([stream.name, stream.version, ...stream.id.map((field) => event[field])]), 'buffer').toString('base64url', 0, 16)
}
