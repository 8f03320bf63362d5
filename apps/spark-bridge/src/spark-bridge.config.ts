import { defineSettings, type ServiceOptions } from '@millrace/service'

/** What only this worker reads. */
export const sparkBridgeSettings = defineSettings({
  port: { env: 'MILLRACE_SPARK_BRIDGE_PORT', kind: 'int', min: 0, max: 65_535, default: 13_002, about: 'The port of spark-bridge.' },
  recountTasks: { env: 'MILLRACE_RECOUNT_TASKS', kind: 'int', min: 1, max: 1_000, default: 1, about: 'Tasks of the Spark server that a recount takes at once. With more it is done sooner, and the streams have fewer meanwhile.' },
  pollMs: { env: 'MILLRACE_SPARK_POLL', kind: 'span', default: '1 second', about: 'How often the queries are looked at. Windows become final, and an awaited offset is reached, at most this much later.' },
}, { title: 'Spark bridge' })

export const sparkBridgeService: ServiceOptions = {
  name: 'spark-bridge',
  port: { env: sparkBridgeSettings.port.env, default: sparkBridgeSettings.port.default },
}
