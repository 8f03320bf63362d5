/** What a field of an event can hold. Every adapter says, in one exhaustive table, what each kind means in its system. */
export type FieldKind = 'text' | 'uuid' | 'int' | 'real' | 'bool' | 'instant'

/** A field as adapters read it: plain data. */
export interface FieldSpec<K extends FieldKind = FieldKind, O extends boolean = boolean> {
  readonly kind: K
  readonly isOptional: O
  /** Longest text in UTF-16 units; only for `text`. */
  readonly maxLength?: number
}

/** A field as an author writes it: `real().optional()`. */
export interface Field<K extends FieldKind = FieldKind, O extends boolean = boolean> extends FieldSpec<K, O> {
  /** The record may lack this field; the event then lacks the key. Keys, ids, groups and event times refuse it. */
  optional(): Field<K, true>
}

/** The fields of an event by name. */
export type EventFields = Readonly<Record<string, Field>>

/** A text longer than this is refused unless the declaration allows more: it would not fit a page of records. */
export const defaultMaxLength = 4_096

const field = <K extends FieldKind, O extends boolean>(spec: FieldSpec<K, O>): Field<K, O> => ({
  ...spec,
  optional: () => field({ ...spec, isOptional: true }),
})

/** Text of at least one character. */
export const text = ({ maxLength = defaultMaxLength }: { maxLength?: number } = {}): Field<'text', false> =>
  field({ kind: 'text', isOptional: false, maxLength })

/** A UUID in its usual 36 characters, lower case. */
export const uuid = (): Field<'uuid', false> => field({ kind: 'uuid', isOptional: false })

/** A whole number between −(2^53 − 1) and 2^53 − 1. */
export const int = (): Field<'int', false> => field({ kind: 'int', isOptional: false })

/** A finite double. */
export const real = (): Field<'real', false> => field({ kind: 'real', isOptional: false })

export const bool = (): Field<'bool', false> => field({ kind: 'bool', isOptional: false })

/** A point in time to the millisecond, years 1 to 9999. Epoch milliseconds on the wire, ISO 8601 in UTC over REST. */
export const instant = (): Field<'instant', false> => field({ kind: 'instant', isOptional: false })

/** The instants that every system of the line can hold, in epoch milliseconds: 0001-01-01 to 9999-12-31 in UTC. */
export const instantRange = { min: -62_135_596_800_000, max: 253_402_300_799_999 } as const
