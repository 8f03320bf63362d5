import { aggregate, collectMetrics, deduplicateWithinWatermark, filter, project, readStream, withWatermark, type Relation } from '../relation.ts'
import type { PlanStep, WindowPlan } from './plan-data.ts'

export interface PlanSettings {
  /** Kafka as the Spark server reaches it. */
  readonly brokers: string
  readonly generation: number
}

/** The plan as Spark takes it, with what is known only when it starts. */
export function planRelation(plan: WindowPlan, settings: PlanSettings): Relation {
  const [first, ...rest] = plan.steps
  if (first?.step !== 'read') throw new TypeError(`The plan of ${plan.stream} begins with '${first?.step ?? 'nothing'}'; expected 'read'.`)
  return rest.reduce((input, step) => apply(input, step, settings), events(first.topic, settings))
}

/** From the beginning, and never over a gap: events that have left the topic unread are `spark_data_loss`, not silence. */
const events = (topic: string, { brokers }: PlanSettings): Relation =>
  readStream({ format: 'kafka', options: { 'kafka.bootstrap.servers': brokers, subscribe: topic, startingOffsets: 'earliest', failOnDataLoss: 'true' } })

/** One step over the rows of the step before it. */
export function apply(input: Relation, step: PlanStep, { generation }: Pick<PlanSettings, 'generation'>): Relation {
  switch (step.step) {
    case 'read':
      throw new TypeError(`The plan reads '${step.topic}' in the middle; only its first step may read.`)
    case 'project':
      return project(input, step.columns)
    case 'collectMetrics':
      return collectMetrics(input, step.name, step.metrics)
    case 'filter':
      return filter(input, step.condition)
    case 'watermark':
      return withWatermark(input, step.column, step.delayMs)
    case 'deduplicate':
      return deduplicateWithinWatermark(input, step.columns)
    case 'aggregate':
      return aggregate(input, step.by, step.aggregates)
    case 'stampGeneration':
      return project(input, ['*', `${generation} AS ${step.column}`])
  }
}
