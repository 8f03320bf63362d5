import type { WireRecord } from './wire-record.ts'

/** Says that every window record before it holds all events of the stream's topic below `offsets`, published while the watermark was `watermark`. */
export interface ProgressMarker {
  readonly kind: 'progress'
  readonly stream: string
  readonly version: number
  readonly generation: number
  /** Epoch milliseconds. Windows that end at or before it are final. */
  readonly watermark: number
  /** Next offset of the stream's topic by partition. */
  readonly offsets: Readonly<Record<string, string>>
}

/**
 * A marker among the windows, sent to every partition of `<stream>.v<version>.windows` alike (set `partition` when sending).
 *
 *     key    progress
 *     value  {"kind":"progress","stream":"earthquakes","version":1,"generation":1,"watermark":1517421600000,"offsets":{"0":"812","1":"895"}}
 */
export function encodeMarker({ kind, stream, version, generation, watermark, offsets }: ProgressMarker): WireRecord {
  return {
    key: Buffer.from('progress'),
    value: Buffer.from(JSON.stringify({ kind, stream, version, generation, watermark, offsets })),
  }
}

/** The marker in a parsed value, or what is wrong with it. */
export function markerIn(value: Readonly<Record<string, unknown>>): ProgressMarker | string {
  const { stream, version, generation, watermark, offsets } = value
  if (typeof stream !== 'string') return 'stream is not text'
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(generation)) return 'version or generation is not a whole number'
  if (!Number.isSafeInteger(watermark)) return 'watermark is not a whole number'
  if (typeof offsets !== 'object' || offsets === null || !Object.values(offsets).every((offset) => typeof offset === 'string' && /^\d+$/.test(offset))) {
    return 'offsets is not an object of offsets as text'
  }
  return { kind: 'progress', stream, version: Number(version), generation: Number(generation), watermark: Number(watermark), offsets: offsets as ProgressMarker['offsets'] }
}
