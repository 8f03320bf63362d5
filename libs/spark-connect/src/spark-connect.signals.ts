import { defineSignal } from '@millrace/observability'

export const executionReattached = defineSignal('spark_execution_reattached', {
  level: 'debug',
  text: 'The answer to "{action}" was cut (try {tries}).',
  counter: { name: 'millrace_spark_executions_reattached_total', help: 'Answers of the Spark server that were cut and taken up again.' },
})

export const executionNotReleased = defineSignal('spark_execution_not_released', {
  level: 'debug',
  text: 'The server could not be told that "{action}" is done; it forgets it by itself.',
})
