import { eventTopic, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import type { Offsets } from '../query-progress.ts'
import { aggregate, coalesce, collectMetrics, filter, localTexts, project, readBatch, sortBy, unionAll, type Relation } from '../relation.ts'
import { conditionSql } from '../window-plan/condition-sql.ts'
import { fieldsRead, isEvent, orderOf, parsedEvent } from '../window-plan/event-sql.ts'
import { fieldText } from '../window-plan/field-sql.ts'
import { eventsColumn, orderColumn } from '../window-plan/measure-sql.ts'
import { sqlInt, sqlName } from '../window-plan/sql-text.ts'
import { checkColumns } from './check-columns.ts'

export interface RecountQuestion {
  /** Kafka as the Spark server reaches it. */
  readonly brokers: string
  /** The offsets that are read, by partition: from `begins` to before `ends`, all partitions in both. */
  readonly begins: Offsets
  readonly ends: Offsets
  /** Epoch milliseconds. Counted are the windows that lie wholly in it. */
  readonly from: number
  readonly to: number
  /** Late events that count, each as its record would be on the topic, and when the last of them was taken in. */
  readonly included?: { readonly values: readonly string[]; readonly at: number }
  /** How many tasks Spark may give it at once; the others are left to the streams. */
  readonly tasks: number
}

/**
 * The windows of one view as a batch over fixed offsets, oldest first, each row one JSON text: see `recountedWindow`.
 *
 * What an event is and what a measure means is the declaration's, so both have the same words here as in the window plan.
 * What the recount checks is all the rest, and is done in another way: without state and watermark; one view at a time,
 * so that no window shares a row, a column or a condition with another view's; the windows are Spark's own `window()`
 * where the window plan calculates; and of the events of one id the first by offset counts, found by comparing offsets.
 * Ingestion puts only one content on the topic for an id, so events of one id differ in nothing but where they lie.
 *
 * Collecting metrics between parser and filter keeps Spark from parsing each record once for every field.
 */
export function recountRelation(stream: StreamDeclaration, view: ViewDeclaration, question: RecountQuestion): Relation {
  const { event, eventTime, id } = stream
  const fields = fieldsRead(stream)
  const groups = view.by.map((_, index) => `_g${index}`)
  const { aggregates, measures, magnitudes, ranks } = checkColumns(view, event)
  const at = `_e.${sqlName(eventTime)}`

  const records = project(coalesce(readBatch(source(stream, question)), question.tasks), [parsedEvent(stream), 'struct(partition, offset) AS _where', 'unix_millis(timestamp) AS _at'])
  const parsed = collectMetrics(withIncluded(records, stream, question), 'recount', ['count(1) AS total'])
  const events = filter(parsed, `${isEvent(stream)} AND ${at} >= ${sqlInt(question.from)} AND ${at} < ${sqlInt(question.to)}`)
  const named = project(events, ['_e', '_where', '_at', ...id.map((name, index) => `_e.${sqlName(name)} AS _i${index}`)])
  const distinct = project(aggregate(named, id.map((_, index) => `_i${index}`), ['min_by(struct(_e, _at), _where) AS _first']), [...fields.map((name) => `_first._e.${sqlName(name)} AS ${sqlName(name)}`), '_first._at AS _at'])
  const chosen = view.where ? filter(distinct, conditionSql(view.where, event)) : distinct
  const placed = project(chosen, [
    ...fields.map(sqlName), '_at',
    `${orderOf(stream, sqlName)} AS ${orderColumn}`,
    ...view.by.map((name, index) => `${event[name] ? fieldText(sqlName(name), event[name]) : 'NULL'} AS _g${index}`),
    `window(timestamp_millis(${sqlName(eventTime)}), '${view.window.sizeMs} milliseconds', '${view.window.slideMs} milliseconds') AS _w`,
  ])
  const bounded = filter(project(placed, ['*', 'unix_millis(_w.start) AS _ws', 'unix_millis(_w.end) AS _we']), `_ws >= ${sqlInt(question.from)} AND _we <= ${sqlInt(question.to)}`)
  const windows = aggregate(bounded, ['_ws', '_we', ...groups], [`count(1) AS ${eventsColumn}`, 'max(_at) AS _at', ...aggregates])
  return project(sortBy(windows, ['_ws', ...groups]), [
    `to_json(struct(${groups.length === 0 ? 'CAST(array() AS ARRAY<STRING>)' : `array(${groups.join(', ')})`} AS group, _ws AS start, _we AS end, ${eventsColumn}, _at AS appendedAt,`
    + ` struct(${measures.join(', ')}) AS measures, struct(${magnitudes.join(', ')}) AS magnitudes, struct(${ranks.join(', ')}) AS ranks)) AS value`,
  ])
}

/** Late events that were included lie behind everything on the topic: of one id that should be on both, the topic's counts. */
function withIncluded(records: Relation, stream: StreamDeclaration, { included }: RecountQuestion): Relation {
  if (!included || included.values.length === 0) return records
  return unionAll(records, project(localTexts(included.values), [parsedEvent(stream), 'struct(2147483647 AS partition, 0L AS offset) AS _where', `${sqlInt(included.at)} AS _at`]))
}

/** Fixed offsets, and never over a gap: records that retention takes away meanwhile are `spark_data_loss`, not silence. */
function source(stream: StreamDeclaration, { brokers, begins, ends }: RecountQuestion) {
  const topic = eventTopic(stream)
  const offsets = (of: Offsets) => JSON.stringify({ [topic]: of })
  return { format: 'kafka', options: { 'kafka.bootstrap.servers': brokers, subscribe: topic, startingOffsets: offsets(begins), endingOffsets: offsets(ends), failOnDataLoss: 'true' } }
}
