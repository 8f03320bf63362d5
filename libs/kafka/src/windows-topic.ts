import { markerIn, type ProgressMarker } from './progress-marker.ts'
import { windowIn, type WindowRecord } from './window-record.ts'

/** What a record of a windows topic is. */
export type WindowTopicRecord =
  | { readonly kind: 'window'; readonly window: WindowRecord }
  | { readonly kind: 'marker'; readonly marker: ProgressMarker }
  | { readonly kind: 'malformed'; readonly problem: string }

/** Reads one value of `<stream>.v<version>.windows`. Never throws: a malformed record is an answer. */
export function decodeWindowTopicRecord(value: Uint8Array | null): WindowTopicRecord {
  const parsed = parse(value)
  if (typeof parsed === 'string') return { kind: 'malformed', problem: parsed }
  if (parsed['kind'] === 'progress') {
    const marker = markerIn(parsed)
    return typeof marker === 'string' ? { kind: 'malformed', problem: `progress marker: ${marker}` } : { kind: 'marker', marker }
  }
  const window = windowIn(parsed)
  return typeof window === 'string' ? { kind: 'malformed', problem: `window: ${window}` } : { kind: 'window', window }
}

/** The window of a value that must be one. Throws TypeError with what is wrong. */
export function decodeWindow(value: Uint8Array | null): WindowRecord {
  const record = decodeWindowTopicRecord(value)
  if (record.kind !== 'window') throw new TypeError(`Expected a window, found ${record.kind === 'malformed' ? record.problem : 'a progress marker'}.`)
  return record.window
}

/** The marker of a value that must be one. Throws TypeError with what is wrong. */
export function decodeMarker(value: Uint8Array | null): ProgressMarker {
  const record = decodeWindowTopicRecord(value)
  if (record.kind !== 'marker') throw new TypeError(`Expected a progress marker, found ${record.kind === 'malformed' ? record.problem : 'a window'}.`)
  return record.marker
}

function parse(value: Uint8Array | null): Record<string, unknown> | string {
  if (value === null) return 'no value'
  try {
    const parsed: unknown = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : 'not a JSON object'
  } catch (error) {
    return `not JSON (${(error as Error).message})`
  }
}
