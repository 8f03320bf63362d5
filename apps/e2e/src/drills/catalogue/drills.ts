import type { Drill } from '../drill.ts'
import { baseline } from './F01-baseline.drill.ts'
import { ingestionStopped } from './F02-ingestion-stopped.drill.ts'
import { killedBeforePublish } from './F03-ingestion-killed-before-publish.drill.ts'
import { killedBeforeMove } from './F04-ingestion-killed-before-move.drill.ts'
import { kafkaKilled } from './F05-kafka-killed.drill.ts'
import { answersLost } from './F06-answers-lost.drill.ts'
import { kafkaFrozen } from './F08-kafka-frozen.drill.ts'
import { sparkKilled } from './F09-spark-killed.drill.ts'
import { sparkKilledOften } from './F10-spark-killed-often.drill.ts'
import { bridgeAndOldSpark } from './F11-bridge-and-old-spark.drill.ts'
import { checkpointMutated } from './F12-checkpoint-mutated.drill.ts'
import { cassandraKilled } from './F13-cassandra-killed.drill.ts'
import { cassandraFrozen } from './F14-cassandra-frozen.drill.ts'
import { topicReplaced } from './F16-topic-replaced.drill.ts'
import { diskFull } from './F17-disk-full.drill.ts'
import { twoIngesters } from './F20-two-ingesters.drill.ts'
import { clocksOff } from './F25-clocks-off.drill.ts'
import { malformedRecords } from './F26-malformed-records.drill.ts'
import { strangeTimes } from './F27-strange-times.drill.ts'
import { lateEvents } from './F28-late-events.drill.ts'
import { hostileSource } from './F29-hostile-source.drill.ts'
import { rowsMove } from './F30-rows-move.drill.ts'
import { forgedTokens } from './F33-forged-tokens.drill.ts'
import { oneKey } from './F34-one-key.drill.ts'
import { startOrders } from './F36-start-orders.drill.ts'
import { randomSchedule } from './F39-random-schedule.drill.ts'

/** In the order in which they run. */
export const drills: readonly Drill[] = [
  baseline, ingestionStopped, killedBeforePublish, killedBeforeMove, kafkaKilled, answersLost, kafkaFrozen, sparkKilled,
  bridgeAndOldSpark, checkpointMutated, cassandraKilled, cassandraFrozen, topicReplaced, diskFull, twoIngesters, clocksOff, malformedRecords, strangeTimes, lateEvents,
  hostileSource, rowsMove, forgedTokens, oneKey, startOrders, randomSchedule, sparkKilledOften,
]
