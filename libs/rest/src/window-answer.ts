import type { FieldKind } from '@millrace/stream-kit'
import { writeValue, type FieldValue } from './field-values.ts'
import type { ViewRoute } from './view-routes.ts'

/** A stored window as the store hands it over. */
export interface StoredWindow {
  /** In the order of the view's `by`. */
  readonly group: readonly FieldValue[]
  /** Epoch milliseconds. */
  readonly start: number
  readonly end: number
  readonly events: number
  readonly generation: number
  /** By declared name; a value that the window lacks is null or left out. */
  readonly measures: Readonly<Record<string, FieldValue | null>>
}

/** A row of an answer: group fields, window, events and measures under their declared names. */
export type WindowAnswer = Readonly<Record<string, FieldValue | null>>

export interface PageAnswer {
  readonly data: readonly WindowAnswer[]
  readonly page: { readonly next: string | null }
}

/** One stored window as it is answered. It is final when its end is not after `finalUntil` of its generation. */
export function windowAnswer({ view, groupFields }: Pick<ViewRoute, 'view' | 'groupFields'>, row: StoredWindow, finalUntil: number | null): WindowAnswer {
  const answer: Record<string, FieldValue | null> = {}
  groupFields.forEach(({ name, field }, index) => {
    answer[name] = written(row.group[index], field.kind)
  })
  answer['windowStart'] = writeValue(row.start, 'instant')
  answer['windowEnd'] = writeValue(row.end, 'instant')
  answer['events'] = row.events
  for (const { name, type } of view.measures) answer[name] = written(row.measures[name], type.kind)
  answer['final'] = finalUntil !== null && row.end <= finalUntil
  return answer
}

const written = (value: FieldValue | null | undefined, kind: FieldKind): FieldValue | null => (value === null || value === undefined ? null : writeValue(value, kind))
