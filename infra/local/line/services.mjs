import { app, appNames } from './apps.mjs'
import { airflowServices } from '../engines/airflow.mjs'
import { cassandra } from '../engines/cassandra.mjs'
import { kafka } from '../engines/kafka.mjs'
import { spark } from '../engines/spark.mjs'

/** Everything that can run, in the order in which people think of it; `enginesOnly` is Kafka, Cassandra and Spark. */
export const allServices = (settings, { enginesOnly = false, airflow = settings.airflow } = {}) => [
  kafka(settings), cassandra(settings), spark(settings),
  ...(enginesOnly ? [] : [...appNames.map((name) => app(settings, name)), ...(airflow ? airflowServices(settings) : [])]),
]
