import type { EventFields, FieldKind, FieldSpec } from './field.ts'

/** What `toEvent` may give for a field of a kind. */
interface InputOf {
  text: string
  uuid: string
  int: number
  real: number
  bool: boolean
  /** Epoch milliseconds, ISO 8601 text with an offset, or a Date. */
  instant: number | string | Date
}

type RequiredNames<E extends EventFields> = { [N in keyof E & string]: E[N]['isOptional'] extends true ? never : N }[keyof E & string]
type OptionalNames<E extends EventFields> = Exclude<keyof E & string, RequiredNames<E>>

/** What `toEvent` returns. An optional field may be left out, undefined or null: all three mean absent. */
export type EventInput<E extends EventFields> = { readonly [N in RequiredNames<E>]: InputOf[E[N]['kind']] } & {
  readonly [N in OptionalNames<E>]?: InputOf[E[N]['kind']] | null | undefined
}

/** An event as it travels: instants are epoch milliseconds, an absent optional is an absent key. */
export type EventValues = Readonly<Record<string, string | number | boolean>>

/** Names of the fields of some kinds. */
export type NamesOfKind<E extends EventFields, K extends FieldKind> = { [N in keyof E & string]: E[N]['kind'] extends K ? N : never }[keyof E & string]

/** Names of the fields of some kinds that every event has. */
export type RequiredNamesOfKind<E extends EventFields, K extends FieldKind> = NamesOfKind<E, K> & RequiredNames<E>

/** The fields as adapters read them. */
export type FieldSpecs = Readonly<Record<string, FieldSpec>>
