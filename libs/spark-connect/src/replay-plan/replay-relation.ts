import { eventTopic, type StreamDeclaration } from '@millrace/stream-kit'
import type { Offsets } from '../query-progress.ts'
import { deduplicate, filter, localTexts, project, readBatch, unionAll, type Relation } from '../relation.ts'
import type { PlanStep } from '../window-plan/plan-data.ts'
import { apply } from '../window-plan/plan-relation.ts'
import { sqlInt, sqlName } from '../window-plan/sql-text.ts'
import { windowPlan } from '../window-plan/window-plan.ts'
import { instantOf } from '../window-plan/window-sql.ts'

export interface ReplayQuestion {
  /** Kafka as the Spark server reaches it. */
  readonly brokers: string
  /** The offsets that are read, by partition: from `begins` to before `ends`, all partitions in both. */
  readonly begins: Offsets
  readonly ends: Offsets
  /** Epoch milliseconds. Computed are the windows that lie wholly in it. */
  readonly from: number
  readonly to: number
  /** Stamped into the rows. */
  readonly generation: number
  /** Late events that count like those of the topic, each as its record would be there. */
  readonly included: readonly string[]
}

/**
 * The windows of all views as a batch over fixed offsets, written as the stream's own query writes them: its plan, step by
 * step, with two differences. A batch needs no watermark, and only windows that lie wholly in the range are kept.
 */
export function replayRelation(stream: StreamDeclaration, question: ReplayQuestion): Relation {
  const [, ...steps] = windowPlan(stream).steps
  const at = `_e.${sqlName(stream.eventTime)}`
  const { from, to } = question
  return steps.reduce((input: Relation, step: PlanStep): Relation => {
    switch (step.step) {
      case 'watermark':
        return input
      case 'deduplicate':
        return deduplicate(input, step.columns)
      case 'filter':
        return filter(input, `${step.condition} AND ${at} >= ${sqlInt(from)} AND ${at} < ${sqlInt(to)}`)
      case 'aggregate':
        return apply(filter(input, `_ws >= ${sqlInt(from)} AND ${instantOf('_wend')} <= ${sqlInt(to)}`), step, question)
      default:
        return apply(input, step, question)
    }
  }, records(stream, question))
}

/** Never over a gap: records that retention takes away meanwhile are `spark_data_loss`, not silence. */
function records(stream: StreamDeclaration, { brokers, begins, ends, included }: ReplayQuestion): Relation {
  const topic = eventTopic(stream)
  const offsets = (of: Offsets) => JSON.stringify({ [topic]: of })
  const options = { 'kafka.bootstrap.servers': brokers, subscribe: topic, startingOffsets: offsets(begins), endingOffsets: offsets(ends), failOnDataLoss: 'true' }
  const published = project(readBatch({ format: 'kafka', options }), ['CAST(value AS STRING) AS value'])
  return included.length === 0 ? published : unionAll(published, localTexts(included))
}
