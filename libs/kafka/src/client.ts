import kafkajs, { type Kafka } from 'kafkajs'
import type { KafkaAddress } from './kafka.config.ts'
import { clientComplained } from './kafka.signals.ts'

/** Every wait of the client is said here: none of the library's defaults is relied on. */
export const clientTimes = {
  connectMs: 3_000,
  /** How long one request may take. A broker that stands still is noticed after this. */
  requestMs: 10_000,
  /** How long the broker may take over a produce request; below `requestMs`, so that its answer comes first. */
  acknowledgeMs: 8_000,
} as const

/** A few quick tries for a moved leader or an old picture of the cluster; longer outages are waited for by the caller. */
export const clientRetry = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 2 } as const

/** The one place that makes a kafkajs client. Its log goes to a debug signal. */
export function kafkaClient({ brokers }: KafkaAddress, clientId: string): Kafka {
  quietNegativeTimeouts()
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: clientTimes.connectMs,
    requestTimeout: clientTimes.requestMs,
    enforceRequestTimeout: true,
    retry: clientRetry,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => ({ namespace, log }) => {
      clientComplained({ namespace, message: log.message })
    },
  })
}

let isQuiet = false

/** kafkajs 2.2.4 sets one timer to a negative time, which Node 24 warns of. Only the warning of that name is left out. */
function quietNegativeTimeouts(): void {
  if (isQuiet) return
  isQuiet = true
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void
  process.emitWarning = (...args: unknown[]) => {
    const [warning, options] = args
    const name = warning instanceof Error ? warning.name : typeof options === 'string' ? options : (options as { type?: string } | undefined)?.type
    if (name !== 'TimeoutNegativeWarning') emit(...args)
  }
}
