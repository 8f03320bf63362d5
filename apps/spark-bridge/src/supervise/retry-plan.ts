import { backOff, type BackOff } from '@millrace/service'
import type { SparkErrorCode } from '@millrace/spark-connect'
import type { Hold } from './decide-queries.ts'

/** The states of a query as `GET /v1/queries` names them. */
export type QueryState =
  | 'starting' | 'running' | 'building' | 'restarting' | 'stopped'
  | 'failed' | 'data_loss' | 'checkpoint_corrupt' | 'missing_topic' | 'broker_unreachable' | 'disk_full' | 'plan_invalid'

interface Answer {
  readonly state: QueryState
  /** Whether to try again by ourselves; otherwise an operator decides. */
  readonly isTriedAgain: boolean
  readonly isBeyondRepair?: boolean
}

/** What a failure makes of a query. A code more does not compile until it stands here. */
const answerTo: Readonly<Record<SparkErrorCode, Answer>> = {
  spark_unreachable: { state: 'restarting', isTriedAgain: true },
  spark_unauthenticated: { state: 'restarting', isTriedAgain: true },
  spark_session_changed: { state: 'restarting', isTriedAgain: true },
  spark_query_exists: { state: 'restarting', isTriedAgain: true },
  spark_query_unknown: { state: 'restarting', isTriedAgain: true },
  spark_missing_topic: { state: 'missing_topic', isTriedAgain: true },
  spark_broker_unreachable: { state: 'broker_unreachable', isTriedAgain: true },
  spark_disk_full: { state: 'disk_full', isTriedAgain: true },
  spark_failed: { state: 'failed', isTriedAgain: true },
  spark_plan_refused: { state: 'plan_invalid', isTriedAgain: false },
  spark_data_loss: { state: 'data_loss', isTriedAgain: false, isBeyondRepair: true },
  spark_checkpoint_corrupt: { state: 'checkpoint_corrupt', isTriedAgain: false, isBeyondRepair: true },
}

export const stateAfter = (code: SparkErrorCode): QueryState => answerTo[code].state

const firstWaitMs = 1_000
const longestWaitMs = 30_000

/**
 * When a query that failed is started again. Waits grow while nothing works and begin anew after a finished batch; what
 * an operator has to decide waits for him, and is told as such.
 */
export class RetryPlan {
  readonly #waits: BackOff

  constructor(random: () => number = Math.random) {
    this.#waits = backOff({ baseMs: 2 * firstWaitMs, capMs: longestWaitMs, random: () => 0.5 + random() / 2 })
  }

  after(code: SparkErrorCode, now: number): Hold {
    const { isTriedAgain, isBeyondRepair = false } = answerTo[code]
    return { since: now, until: isTriedAgain ? now + this.#waits.next() : null, isBeyondRepair }
  }

  reset(): void {
    this.#waits.reset()
  }
}
