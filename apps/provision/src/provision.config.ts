import { defineSettings } from '@millrace/service'

export const provisionSettings = defineSettings({
  wait: { env: 'MILLRACE_PROVISION_WAIT', kind: 'span', default: '2 minutes', about: 'How long `provision plan` and `apply` wait for Kafka and Cassandra to answer.' },
  sparkHeapMb: { env: 'MILLRACE_PROVISION_SPARK_HEAP_MB', kind: 'int', min: 128, default: 1_024, about: 'Heap of the Spark server in MB, for the bound on the ids that a rebuild keeps.' },
}, { title: 'Provision' })
