import type { Column } from '../relation.ts'

/** One step of a plan; each takes the rows of the step before it. */
export type PlanStep =
  /** The events of a topic, from its beginning. */
  | { readonly step: 'read'; readonly topic: string }
  | { readonly step: 'project'; readonly columns: readonly Column[] }
  | { readonly step: 'collectMetrics'; readonly name: string; readonly metrics: readonly string[] }
  | { readonly step: 'filter'; readonly condition: string }
  | { readonly step: 'watermark'; readonly column: string; readonly delayMs: number }
  | { readonly step: 'deduplicate'; readonly columns: readonly string[] }
  | { readonly step: 'aggregate'; readonly by: readonly string[]; readonly aggregates: readonly string[] }
  /** Adds the generation, which is known when the query starts, as a column of this name. */
  | { readonly step: 'stampGeneration'; readonly column: string }

/** What Spark shall do for a stream, as plain data: committed, reviewed, hashed. Settings (brokers, trigger) are not in it. */
export interface WindowPlan {
  /** Raised when this library translates the same declaration into another plan. */
  readonly format: 1
  /** `trades.v1` */
  readonly stream: string
  readonly steps: readonly PlanStep[]
  readonly outputMode: 'update'
  /** Where the windows go. */
  readonly sink: string
}

/** The plan as it is committed under `generated/`: two blanks an indent, one newline at the end. */
export const planText = (plan: WindowPlan): string => `${JSON.stringify(plan, null, 2)}\n`
