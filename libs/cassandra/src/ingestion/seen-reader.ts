import { inflateRawSync } from 'node:zlib'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { CassandraSession } from '../cassandra-session.ts'
import { bytesOf, maybeText, numberOf, type Row } from '../row.ts'
import { StreamStatusReader } from '../stream-status-reader.ts'
import { topicStateIn } from '../topic-state.ts'

/** Where an event was judged, and what became of it. */
export interface SeenEvent {
  /** The page. */
  readonly epoch: number
  readonly seq: number
  /** First instant of the bucket of its event time, ISO. */
  readonly bucket: string
  /** Null where it was judged before places were kept. */
  readonly run: string | null
  readonly place:
    | { readonly kind: 'published'; readonly partition: number; readonly offset: number | null; readonly fields: Readonly<Record<string, string | number | boolean>> }
    | { readonly kind: 'late' | 'revised' }
    | null
}

export interface SeenSearch {
  readonly found: SeenEvent | null
  /** Whether all ids that are kept were looked through. */
  readonly isComplete: boolean
}

type Key = Pick<StreamDeclaration, 'name' | 'version'>

const state = 'SELECT cursor, topic FROM streams WHERE stream = ? AND version = ? LIMIT 1'
const ids = 'SELECT epoch, seq, ids FROM seen_events WHERE stream = ? AND version = ? AND bucket = ?'
const places = 'SELECT places FROM seen_events WHERE stream = ? AND version = ? AND bucket = ? AND epoch = ? AND seq = ?'

const idBytes = 16
const hourMs = 3_600_000
const bucketsAtOnce = 8
/** What one search may read: ids of about a million events. */
const mostBytes = 16_777_216

/** Finds one event among the judged ids: bucket by bucket of event time, the newest first. */
export class SeenReader {
  readonly #status: StreamStatusReader

  constructor(private readonly session: CassandraSession) {
    this.#status = new StreamStatusReader(session)
  }

  /** With the event's time only the buckets around it are looked through. */
  async find(stream: Key, id: string, time: number | null): Promise<SeenSearch> {
    const [row] = await this.session.execute(state, [stream.name, stream.version], { action: `reading the state of ${stream.name}` })
    const sizeMs = sizeIn(row)
    if (sizeMs === null) return { found: null, isComplete: true }
    const buckets = time === null ? await this.#buckets(stream, sizeMs) : [0, -1, 1].map((step) => Math.floor(time / sizeMs) * sizeMs + step * sizeMs)
    const needle = Buffer.from(id, 'base64url')
    const { incarnation } = topicStateIn(maybeText(row ?? {}, 'topic'))
    let bytes = 0
    for (let at = 0; at < buckets.length; at += bucketsAtOnce) {
      const found = await Promise.all(buckets.slice(at, at + bucketsAtOnce).map(async (bucket) => this.#inBucket(stream, new Date(bucket).toISOString(), { needle, incarnation })))
      const hit = found.find(({ seen }) => seen !== null)
      if (hit) return { found: hit.seen, isComplete: true }
      bytes += found.reduce((sum, one) => sum + one.bytes, 0)
      if (bytes > mostBytes && at + bucketsAtOnce < buckets.length) return { found: null, isComplete: false }
    }
    return { found: null, isComplete: true }
  }

  /** The books know which hours of event time have had an event; the others need no reading. */
  async #buckets(stream: Key, sizeMs: number): Promise<number[]> {
    const hours = (await this.#status.books(stream)).flatMap(({ hour, fresh }) => (hour === null || fresh === 0 ? [] : [hour]))
    return hours.reverse().flatMap((hour) => Array.from({ length: Math.max(1, hourMs / sizeMs) }, (_, at) => hour + hourMs - (at + 1) * Math.min(sizeMs, hourMs)))
  }

  async #inBucket({ name, version }: Key, bucket: string, { needle, incarnation }: { readonly needle: Buffer; readonly incarnation: number }): Promise<{ readonly seen: SeenEvent | null; readonly bytes: number }> {
    let [bytes, seen] = [0, null as SeenEvent | null]
    for await (const row of this.session.scan(ids, [name, version, bucket], { action: `looking for an event of ${name}` })) {
      const all = bytesOf(row, 'ids')
      bytes += all.length
      const at = indexIn(all, needle)
      if (at === null) continue
      const [epoch, seq] = [numberOf(row, 'epoch'), numberOf(row, 'seq')]
      const [kept] = await this.session.execute(places, [name, version, bucket, epoch, seq], { action: `reading where an event of ${name} is` })
      // Of an id that was judged more than once, the first that tells where its event has gone: the others are its revisions.
      const judged = { epoch, seq, bucket, ...placeIn(kept, at, incarnation) }
      if (judged.place) return { seen: judged, bytes }
      seen ??= judged
    }
    return { seen, bytes }
  }
}

function indexIn(all: Buffer, needle: Buffer): number | null {
  for (let at = all.indexOf(needle); at !== -1; at = all.indexOf(needle, at + 1)) if (at % idBytes === 0) return at / idBytes
  return null
}

const sizeIn = (row: Row | undefined): number | null => {
  const text = row ? maybeText(row, 'cursor') : null
  return text === null ? null : (JSON.parse(text) as { seenBucketMs: number }).seenBucketMs
}

/** An offset is of the topic that its event was published to: of one that is gone it says nothing. */
function placeIn(row: Row | undefined, at: number, now: number): Pick<SeenEvent, 'run' | 'place'> {
  if (!row || !Buffer.isBuffer(row['places'])) return { run: null, place: null }
  const { run, fields, incarnation = 0, places: all } = JSON.parse(inflateRawSync(row['places']).toString()) as { run: string; fields: string[]; incarnation?: number; places: (null | [string] | [number, number | null, ...(string | number | boolean | null)[]])[] }
  const place = all[at] ?? null
  if (place === null) return { run, place: null }
  const [first] = place
  if (typeof first === 'string') return { run, place: { kind: first === 'late' ? 'late' : 'revised' } }
  const [partition, offset, ...values] = place as [number, number | null, ...(string | number | boolean | null)[]]
  return { run, place: { kind: 'published', partition, offset: incarnation === now ? offset : null, fields: Object.fromEntries(fields.flatMap((field, index) => (values[index] === null || values[index] === undefined ? [] : [[field, values[index]]]))) } }
}
