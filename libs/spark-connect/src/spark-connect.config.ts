import { defineSettings } from '@millrace/service'

/** Where the Spark Connect server is, and what it needs to know of the rest. */
export const sparkSettings = defineSettings({
  url: { env: 'MILLRACE_SPARK_CONNECT_URL', kind: 'url', default: 'http://127.0.0.1:15002', about: 'Address of the Spark Connect server.' },
  token: { env: 'MILLRACE_SPARK_CONNECT_TOKEN_FILE', kind: 'secretFile', default: '.millrace/secrets/spark-connect-token', about: "File with the server's pre-shared token." },
  session: { env: 'MILLRACE_SPARK_SESSION', kind: 'text', default: 'millrace', about: 'Name of the session that owns the queries. Two deployments on one server need two names.' },
  checkpoints: { env: 'MILLRACE_SPARK_CHECKPOINTS', kind: 'text', default: '.millrace/spark/checkpoints', about: 'Folder of the checkpoints as the Spark server sees it: a path, or an address such as s3a://bucket/checkpoints.' },
  kafkaBrokers: { env: 'MILLRACE_SPARK_KAFKA_BROKERS', kind: 'list', fallback: 'MILLRACE_KAFKA_BROKERS', default: ['127.0.0.1:19092'], about: 'Bootstrap brokers of Kafka as the Spark server reaches them; MILLRACE_KAFKA_BROKERS if it is not set.' },
  triggerMs: { env: 'MILLRACE_SPARK_TRIGGER', kind: 'span', default: '1 second', about: 'How often a query takes a batch. Under 500 milliseconds nothing is gained.' },
}, { title: 'Spark' })
