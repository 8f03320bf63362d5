import { randomBytes } from 'node:crypto'
import type { StreamStatus } from '@millrace/cassandra'
import { checkpointName, planRelation, queryName, SparkError } from '@millrace/spark-connect'
import type { Generation } from '../ports.ts'
import { generationAllocated, generationPromoted, generationRetired, queryStarted, queryStopped } from '../spark-bridge.signals.ts'
import type { Action } from './decide-queries.ts'
import { generationFloor } from './generation-floor.ts'
import type { StreamSupervisor } from './stream-supervisor.ts'
import { isOfServer, type RunningQuery, type Surroundings } from './surroundings.ts'

export interface StartSettings {
  /** Kafka as the Spark server reaches it. */
  readonly brokers: readonly string[]
  /** Folder of the checkpoints as the Spark server sees it. */
  readonly checkpoints: string
  readonly triggerMs: number
}

export interface Circumstances {
  readonly supervisor: StreamSupervisor
  readonly around: Surroundings
  readonly active: readonly RunningQuery[]
  readonly status: StreamStatus | undefined
  readonly now: number
}

/** Does what was decided. Every action may be repeated: what has been done already is found so by the next round. */
export async function carryOut(action: Action, circumstances: Circumstances): Promise<void> {
  const { supervisor, around, active, status } = circumstances
  const { stream, label } = supervisor
  switch (action.do) {
    case 'stop': {
      const running = active.find(({ name }) => name === action.query.name)
      if (!running) return
      await around.server.stop(running.identity)
      queryStopped({ stream: label, query: action.query.name, why: action.why })
      return
    }
    case 'retire':
      await around.generations.retire(stream, action.generation)
      supervisor.forgetGenerations()
      generationRetired({ stream: label, generation: action.generation, why: action.why })
      return
    case 'allocate':
      await allocate(action.kind, circumstances)
      return
    case 'start':
      await start(action.generation, circumstances)
      return
    case 'promote':
      await around.generations.setFloor(stream, action.generation, await generationFloor(stream, around.topics, status))
      if (!(await around.promotions.promote(stream, action.generation))) return
      supervisor.forgetGenerations()
      generationPromoted({ stream: label, generation: action.generation })
  }
}

/**
 * The checkpoint's folder ends in random digits: numbers are unique only within one keyspace, and a checkpoint that some
 * other generation 1 left behind would begin in the middle of the topic.
 */
async function allocate(kind: 'first' | 'plan' | 'rebuild', { supervisor, around }: Circumstances): Promise<void> {
  const { stream, label, planHash } = supervisor
  const digits = randomBytes(4).toString('hex')
  const checkpoint = (generation: number) => `${around.settings.checkpoints}/${checkpointName(stream, generation)}-${digits}`
  const { generation } = await around.generations.allocate(stream, { kind, planHash, checkpoint, incarnation: supervisor.topic?.incarnation ?? 0 })
  supervisor.isRebuildAsked = false
  supervisor.forgetGenerations()
  generationAllocated({ stream: label, generation, kind })
}

async function start({ generation, planHash, checkpoint }: Generation, { supervisor, around, now }: Circumstances): Promise<void> {
  const { stream, label, plan } = supervisor
  const { brokers, triggerMs } = around.settings
  const run = supervisor.runOf(generation)
  const name = queryName(stream, generation, planHash)
  const bootstrap = brokers.join(',')
  try {
    const query = await around.server.start(planRelation(plan, { brokers: bootstrap, generation }), {
      format: 'kafka',
      options: { 'kafka.bootstrap.servers': bootstrap, topic: plan.sink },
      outputMode: plan.outputMode,
      queryName: name,
      checkpoint,
      trigger: `${triggerMs} milliseconds`,
    })
    run.begun(query)
    queryStarted({ stream: label, query: name })
  } catch (error) {
    // A query that runs under this name is found, and adopted, in the next round.
    if (!(error instanceof SparkError) || isOfServer(error)) throw error
    if (error.code !== 'spark_query_exists') run.failed(error, now)
  }
}
