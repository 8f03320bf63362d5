/** A record as JSON bytes, one character a byte: some breakages cannot be written as text. */
export type RecordBytes = string

export const bytesOf = (value: unknown): RecordBytes => Buffer.from(JSON.stringify(value)).toString('latin1')

/** Where a source's records keep what is broken. */
export interface RecordShape {
  /** The object that has the fields below; the record itself, or one of its members. */
  readonly inside: string | null
  readonly text: string
  readonly number: string
  readonly instant: string
  /** An instant so far ahead, as the source writes one. */
  readonly writeInstant: (ms: number) => string | number
}

export const tradeShape: RecordShape = { inside: null, text: 'symbol', number: 'price', instant: 'tradedAt', writeInstant: (ms) => new Date(ms).toISOString() }
export const quakeShape: RecordShape = { inside: 'properties', text: 'net', number: 'mag', instant: 'time', writeInstant: (ms) => ms }

type Fields = Readonly<Record<string, unknown>>
type Breakage = (record: Fields, shape: RecordShape) => RecordBytes

const mark = '@@'

/** The record with some fields changed; undefined leaves one out. */
function changed(record: Fields, { inside }: RecordShape, change: Fields): Fields {
  if (inside === null) return { ...record, ...change }
  return { ...record, [inside]: { ...record[inside] as Fields, ...change } }
}

/** The record with a field whose JSON is written by hand. */
const written = (record: Fields, shape: RecordShape, field: string, json: RecordBytes): RecordBytes => bytesOf(changed(record, shape, { [field]: mark })).replace(`"${mark}"`, () => json)

/** A thousand years from the epoch of the records. */
const farAheadMs = 32_503_680_000_000

/** Each way in which a record can break the schema. Every one is made of a good record and differs as that does. */
export const breakages = {
  missingField: (record, shape) => bytesOf(changed(record, shape, { [shape.instant]: undefined })),
  wrongType: (record, shape) => bytesOf(changed(record, shape, { [shape.number]: 'much' })),
  nullField: (record, shape) => bytesOf(changed(record, shape, { [shape.text]: null })),
  emptyText: (record, shape) => bytesOf(changed(record, shape, { [shape.text]: '' })),
  longText: (record, shape) => bytesOf(changed(record, shape, { [shape.text]: 'x'.repeat(10_000) })),
  halfCharacter: (record, shape) => written(record, shape, shape.text, '"A\\ud800"'),
  notUtf8: (record, shape) => written(record, shape, shape.text, '"A\xff\xc3"'),
  hugeNumber: (record, shape) => written(record, shape, shape.number, '1e400'),
  deepNesting: (record, shape) => written(record, shape, shape.text, '['.repeat(500) + ']'.repeat(500)),
  noInstant: (record, shape) => bytesOf(changed(record, shape, { [shape.instant]: 'yesterday' })),
  farAhead: (record, shape) => bytesOf(changed(record, shape, { [shape.instant]: shape.writeInstant(farAheadMs) })),
  notAnObject: (record) => bytesOf(JSON.stringify(record)),
} as const satisfies Record<string, Breakage>

export type BreakageKind = keyof typeof breakages | 'renamedField'

/** A broken record as it is written. */
export interface WrittenBroken {
  readonly bytes: RecordBytes
  readonly kind: BreakageKind
}

export const breakageKinds = Object.keys(breakages) as (keyof typeof breakages)[]

export const broken = (kind: BreakageKind, record: object, shape: RecordShape): RecordBytes => kind === 'renamedField' ? renamed(record as Fields, shape) : breakages[kind](record as Fields, shape)

/** Schema drift: a field under a new name. */
function renamed(record: Fields, shape: RecordShape): RecordBytes {
  const fields = (shape.inside === null ? record : record[shape.inside]) as Fields
  return bytesOf(changed(record, shape, { [shape.text]: undefined, [`${shape.text}Code`]: fields[shape.text] }))
}

/** Schema drift that harms nobody: a field that nobody declared. */
export const extended = (record: object, shape: RecordShape): RecordBytes => bytesOf(changed(record as Fields, shape, { venue: 'XMIL' }))
