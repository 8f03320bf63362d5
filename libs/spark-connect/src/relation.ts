import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { Expression_SortOrder_NullOrdering, Expression_SortOrder_SortDirection, type ExpressionSchema } from '../gen/spark/connect/expressions_pb.js'
import { Aggregate_GroupType, RelationSchema, SetOperation_SetOpType, type Relation } from '../gen/spark/connect/relations_pb.js'
import { textsAsArrow } from './arrow-texts.ts'

/** What Spark shall compute, as its protocol writes it. Built with the functions of this file, run by a session. */
export type { Relation } from '../gen/spark/connect/relations_pb.js'

/**
 * A column as SQL text: `max(magnitude) AS strongest`. With metadata it must be an alias of its own, for SQL has no
 * words for a column's metadata.
 */
export type Column = string | { readonly sql: string; readonly as: string; readonly metadata: Readonly<Record<string, unknown>> }

type RelationType = NonNullable<MessageInitShape<typeof RelationSchema>['relType']>

/** Plan ids only tell the relations of one server-side session apart; errors name them. */
let lastPlanId = 0n

function relation(relType: RelationType): Relation {
  lastPlanId += 1n
  return create(RelationSchema, { common: { planId: lastPlanId }, relType })
}

function expression(column: Column): MessageInitShape<typeof ExpressionSchema> {
  if (typeof column === 'string') return { exprType: { case: 'expressionString', value: { expression: column } } }
  return { exprType: { case: 'alias', value: { expr: expression(column.sql), name: [column.as], metadata: JSON.stringify(column.metadata) } } }
}

export interface DataSource {
  readonly format: string
  readonly options: Readonly<Record<string, string>>
}

/** An unbounded source. */
export const readStream = (source: DataSource): Relation => read(source, true)

/** A source as it stands now, or between the offsets that its options name. */
export const readBatch = (source: DataSource): Relation => read(source, false)

const read = ({ format, options }: DataSource, isStreaming: boolean): Relation =>
  relation({ case: 'read', value: { isStreaming, readType: { case: 'dataSource', value: { format, options: { ...options } } } } })

/** The relation of a SQL query, over the session's views and table functions. */
export const sql = (query: string): Relation => relation({ case: 'sql', value: { query } })

export const project = (input: Relation, columns: readonly Column[]): Relation =>
  relation({ case: 'project', value: { input, expressions: columns.map(expression) } })

export const filter = (input: Relation, condition: string): Relation =>
  relation({ case: 'filter', value: { input, condition: expression(condition) } })

/** Passes every row on and reports `metrics` (aggregates) under `name` with the progress of each batch. */
export const collectMetrics = (input: Relation, name: string, metrics: readonly Column[]): Relation =>
  relation({ case: 'collectMetrics', value: { input, name, metrics: metrics.map(expression) } })

/** Declares `column` (a timestamp) the event time: state older than its greatest value less `delayMs` is dropped. */
export const withWatermark = (input: Relation, column: string, delayMs: number): Relation =>
  relation({ case: 'withWatermark', value: { input, eventTime: column, delayThreshold: `${delayMs} milliseconds` } })

/** Passes the first row with these values on, and forgets them when the watermark has passed. */
export const deduplicateWithinWatermark = (input: Relation, columns: readonly string[]): Relation =>
  relation({ case: 'deduplicate', value: { input, columnNames: [...columns], withinWatermark: true } })

/** Passes one row with these values on. Of a batch; which one is left open, so they must be equal in what is read of them. */
export const deduplicate = (input: Relation, columns: readonly string[]): Relation =>
  relation({ case: 'deduplicate', value: { input, columnNames: [...columns] } })

/** The rows of both, which have the same columns. */
export const unionAll = (leftInput: Relation, rightInput: Relation): Relation =>
  relation({ case: 'setOp', value: { leftInput, rightInput, setOpType: SetOperation_SetOpType.UNION, isAll: true } })

/** Texts that travel with the plan, as the column `value`. */
export const localTexts = (texts: readonly string[]): Relation =>
  relation({ case: 'localRelation', value: { data: textsAsArrow(texts), schema: 'value STRING' } })

export const aggregate = (input: Relation, by: readonly Column[], aggregates: readonly Column[]): Relation =>
  relation({
    case: 'aggregate',
    value: { input, groupType: Aggregate_GroupType.GROUPBY, groupingExpressions: by.map(expression), aggregateExpressions: aggregates.map(expression) },
  })

/** The same rows in at most so many partitions: what follows takes no more tasks at once. Moves nothing between machines. */
export const coalesce = (input: Relation, numPartitions: number): Relation =>
  relation({ case: 'repartition', value: { input, numPartitions, shuffle: false } })

/** The rows in the ascending order of these columns, over all partitions. */
export const sortBy = (input: Relation, columns: readonly Column[]): Relation => {
  const [direction, nullOrdering] = [Expression_SortOrder_SortDirection.ASCENDING, Expression_SortOrder_NullOrdering.SORT_NULLS_FIRST]
  return relation({ case: 'sort', value: { input, isGlobal: true, order: columns.map((column) => ({ child: expression(column), direction, nullOrdering })) } })
}
