import { app, appNames } from './apps.mjs'
import { cassandra } from '../engines/cassandra.mjs'
import { kafka } from '../engines/kafka.mjs'
import { spark } from '../engines/spark.mjs'

/** Everything that can run, in the order in which people think of it. */
export const allServices = (settings) => [kafka(settings), cassandra(settings), spark(settings), ...appNames.map((name) => app(settings, name))]
