import type { Condition } from './condition.ts'
import type { FieldSpecs } from './event.ts'
import type { FieldKind } from './field.ts'
import type { HttpSource } from './http-source.ts'
import type { Measure } from './measure.ts'

/** What a measure's value is: the kinds of fields, so adapters need one table for both. */
export interface MeasureType {
  readonly kind: FieldKind
  /** A window may lack the value: its events had none, or its divisor was zero. */
  readonly isOptional: boolean
}

export interface MeasureDeclaration {
  readonly name: string
  readonly measure: Measure
  readonly type: MeasureType
}

/** A view as adapters read it. Its measures are those declared: `events` comes with every view and is not among them. */
export interface ViewDeclaration {
  readonly name: string
  readonly summary: string
  readonly window: { readonly kind: 'tumbling' | 'sliding'; readonly sizeMs: number; readonly slideMs: number }
  /** Names of the fields that tell groups apart, in the order of the path. Empty: one row a window. */
  readonly by: readonly string[]
  readonly measures: readonly MeasureDeclaration[]
  readonly where: Condition | null
  /** How much of a group's time one partition of its table holds. */
  readonly bucket: 'hour' | 'day'
  /** Hidden views are computed and stored like any other and left out of documentation. */
  readonly isHidden: boolean
}

/** A stream as adapters read it: checked, complete, plain data but for the source's functions. */
export interface StreamDeclaration {
  readonly name: string
  readonly version: number
  readonly summary: string
  readonly event: FieldSpecs
  readonly id: readonly string[]
  readonly key: string
  readonly eventTime: string
  readonly latenessMs: number
  /** max(1 minute, lateness / 10): how much farther apart than the lateness the events of one send may be. */
  readonly slackMs: number
  readonly clockToleranceMs: number
  readonly retentionMs: number
  readonly partitions: number
  readonly trustSourceClock: boolean
  readonly pollMs: number | null
  readonly check: string | null
  readonly source: HttpSource
  /** In declared order; the hidden `_ledger` is the last. */
  readonly views: readonly ViewDeclaration[]
}
