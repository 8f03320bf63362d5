import { checkStream } from './check-stream.ts'
import type { Condition } from './condition.ts'
import type { MeasureDeclaration, StreamDeclaration, ViewDeclaration } from './declaration.ts'
import type { EventInput, NamesOfKind, RequiredNamesOfKind } from './event.ts'
import type { EventFields, FieldSpec } from './field.ts'
import type { HttpSource } from './http-source.ts'
import { measureType } from './measure-type.ts'
import type { Measure } from './measure.ts'
import { ledgerView } from './names.ts'
import { spanMs, type Span } from './span.ts'
import { tumbling, type Window } from './window.ts'

/** One view of a stream: a window, the groups, what is measured, and which events count. */
export interface ViewSpec<E extends EventFields> {
  readonly summary: string
  readonly window: Window
  readonly by?: readonly RequiredNamesOfKind<E, 'text' | 'uuid' | 'int' | 'bool' | 'instant'>[]
  readonly measures?: Readonly<Record<string, Measure<NamesOfKind<E, 'int' | 'real'>, NamesOfKind<E, 'int' | 'real' | 'instant' | 'text' | 'uuid'>, keyof E & string>>>
  readonly where?: Condition<NamesOfKind<E, 'int' | 'real' | 'instant'>, keyof E & string>
  /** Holds an hour instead of a day in a partition: for windows of a second, or thousands of groups by time. */
  readonly bucket?: 'hour' | 'day'
}

/** Everything Millrace needs to know of a stream. */
export interface StreamSpec<E extends EventFields> {
  /** A plural noun in kebab-case; part of topic, table and path. */
  readonly name: string
  /** A changed shape is a new version beside the old one. */
  readonly version: number
  readonly summary: string
  readonly event: E
  /** The deterministic event id is a hash of these fields. */
  readonly id: readonly NoInfer<RequiredNamesOfKind<E, 'text' | 'uuid' | 'int' | 'bool' | 'instant'>>[]
  /** Events with the same key go to the same partition, in order. */
  readonly key: NoInfer<RequiredNamesOfKind<E, 'text' | 'uuid' | 'int' | 'bool' | 'instant'>>
  readonly eventTime: NoInfer<RequiredNamesOfKind<E, 'instant'>>
  /** How far behind the highest event time an event may come and still count in its windows. */
  readonly lateness: Span
  /** How long events and windows are kept. */
  readonly retention: Span
  readonly partitions: number
  /** How far ahead of the source's clock an event may be (default 5 minutes). */
  readonly clockTolerance?: Span
  /** The source lives in another time than ours, such as a replay: its own `Date` counts. */
  readonly trustSourceClock?: boolean
  /** How often ingestion pulls by itself; without it only when triggered. */
  readonly poll?: Span
  /** A cron expression: when the pipeline is checked. */
  readonly check?: string
  readonly source: HttpSource<NoInfer<EventInput<E>>>
  readonly views: Readonly<Record<string, ViewSpec<NoInfer<E>>>>
}

const minute = 60_000

/** Checks a stream and completes it. Throws DeclarationError, saying what to change, for what the compiler cannot see. */
export function defineStream<const E extends EventFields>(spec: StreamSpec<E>): StreamDeclaration {
  const where = `stream '${spec.name}'`
  const latenessMs = spanMs(spec.lateness, `${where}, lateness`)
  const event = Object.fromEntries(Object.entries<FieldSpec>(spec.event).map(([name, field]) => [name, plainField(field)]))
  const stream: StreamDeclaration = {
    name: spec.name,
    version: spec.version,
    summary: spec.summary,
    event,
    id: [...spec.id],
    key: spec.key,
    eventTime: spec.eventTime,
    latenessMs,
    slackMs: Math.max(minute, Math.ceil(latenessMs / 10)),
    clockToleranceMs: spanMs(spec.clockTolerance ?? '5 minutes', `${where}, clockTolerance`),
    retentionMs: spanMs(spec.retention, `${where}, retention`),
    partitions: spec.partitions,
    trustSourceClock: spec.trustSourceClock ?? false,
    pollMs: spec.poll === undefined ? null : spanMs(spec.poll, `${where}, poll`),
    check: spec.check ?? null,
    source: spec.source,
    views: [...Object.entries(spec.views).map(([name, view]) => plainView(name, view, event, where)), ledger()],
  }
  checkStream(stream)
  return stream
}

const plainField = ({ kind, isOptional, maxLength }: FieldSpec): FieldSpec => ({ kind, isOptional, ...(maxLength === undefined ? {} : { maxLength }) })

function plainView<E extends EventFields>(name: string, view: ViewSpec<E>, event: StreamDeclaration['event'], stream: string): ViewDeclaration {
  const where = `${stream}, view '${name}'`
  return {
    name,
    summary: view.summary,
    window: { kind: view.window.kind, sizeMs: spanMs(view.window.size, `${where}, window`), slideMs: spanMs(view.window.slide, `${where}, window`) },
    by: [...(view.by ?? [])],
    measures: Object.entries<Measure>(view.measures ?? {}).map(([measureName, measure]): MeasureDeclaration => ({
      name: measureName,
      measure,
      type: measureType(measure, event),
    })),
    where: view.where ?? null,
    bucket: view.bucket ?? 'day',
    isHidden: false,
  }
}

function ledger(): ViewDeclaration {
  const hour = spanMs(tumbling('1 hour').size)
  return { name: ledgerView, summary: 'Events an hour of event time, for the ledger.', window: { kind: 'tumbling', sizeMs: hour, slideMs: hour }, by: [], measures: [], where: null, bucket: 'day', isHidden: true }
}
