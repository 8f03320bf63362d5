import type { ReadWindow } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import type { FieldKind, StreamDeclaration, ViewDeclaration } from '@millrace/stream-kit'

type Value = string | number | boolean | null

const longestText = 200

/** Values of a window as a difference shows them: names as declared, instants ISO 8601, absent null, long texts cut. */
export function windowShown(stream: Pick<StreamDeclaration, 'event'>, view: Pick<ViewDeclaration, 'by' | 'measures'>) {
  const measures = (values: RecountedWindow['measures'] | ReadWindow['measures']): Record<string, Value> =>
    Object.fromEntries(view.measures.map(({ name, type }) => [name, shown(type.kind, values[name] ?? null)]))
  return {
    group: (values: readonly string[]): Record<string, Value> =>
      Object.fromEntries(view.by.map((name, index) => [name, fromText(stream.event[name]?.kind ?? 'text', values[index] ?? '')])),
    stored: ({ events, windowEnd, generation, measures: values }: ReadWindow): Record<string, Value> => ({ events, windowEnd: iso(windowEnd), generation, ...measures(values) }),
    recounted: ({ events, end, measures: values }: RecountedWindow): Record<string, Value> => ({ events, windowEnd: iso(end), ...measures(values) }),
  }
}

export const iso = (ms: number): string => new Date(ms).toISOString()

const shown = (kind: FieldKind, value: Value): Value => {
  if (kind === 'instant' && typeof value === 'number') return iso(value)
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value
}

const valueOf: Readonly<Record<FieldKind, (text: string) => Value>> = {
  text: (text) => text,
  uuid: (text) => text,
  int: Number,
  real: Number,
  bool: (text) => text === 'true',
  instant: Number,
}

const fromText = (kind: FieldKind, text: string): Value => shown(kind, valueOf[kind](text))
