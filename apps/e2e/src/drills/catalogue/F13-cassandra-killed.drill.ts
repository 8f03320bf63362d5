import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@millrace/service'
import { queryStatuses } from '../../http/query-status.ts'
import { endOfRun, enterRun } from '../../http/trigger-run.ts'
import { eventually } from '../../line/eventually.ts'
import type { Line } from '../../line/line.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { KafkaProxy } from '../faults/kafka-proxy.ts'
import { setAside, StandIn } from '../faults/stand-in.ts'

export const cassandraKilled: Drill = {
  id: 'F13',
  title: 'Cassandra killed, away for 5, 30 and 120 s',
  breaks: 'kill -9 of Cassandra at the very moment when Kafka knows that rows are stored, which are the last of their windows; its next process is held for 5 s, then 30 s, then 120 s',
  expects: 'nothing acknowledged is lost: nobody would write those rows again; ingestion and materializer wait, the API answers 503',
  protects: 'commitlog_sync: batch; offsets committed after the store; rows that may be written again',
  async run(bench) {
    const { line, processes, traffic, recovers } = bench
    const kafka = await KafkaProxy.open(line, processes)
    bench.finally(() => kafka.proxy.shut())
    const own = await setAside(processes, 'materializer')
    bench.finally(() => { process.kill(own, 'SIGKILL') })
    let materializer = await behind(kafka, bench)
    bench.finally(() => materializer.kill())
    for (const seconds of [5, 30, 120]) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      await materializer.kill()
      // The rows that the next one finds are the last of their windows.
      await traffic.pause()
      await everythingCounted(line)
      const cassandra = await processes.pid('cassandra')
      let isKilled = false
      kafka.follow({
        onCommitted: () => {
          if (!isKilled) process.kill(cassandra, 'SIGKILL')
          isKilled = true
          return 'pass'
        },
      })
      materializer = await behind(kafka, bench)
      await waitUntil(() => isKilled, { deadlineMs: 120_000, everyMs: 50, what: 'the rows to be stored, and their offset to be committed' })
      kafka.follow({})
      const next = await processes.holdNext('cassandra', cassandra)
      await pause(seconds * 1_000)
      next.goOn()
      await traffic.goOn()
      await recovers(`Cassandra away for ${seconds} s`)
    }
  },
}

/** A materializer that commits its offsets where the drill sees it. */
const behind = (kafka: KafkaProxy, { line, processes }: DrillBench): Promise<StandIn> => StandIn.start(line, processes, 'materializer', { MILLRACE_KAFKA_BROKERS: kafka.address })

/** The source stands still: waits until all that it has given is in windows on their topic. */
async function everythingCounted(line: Line): Promise<void> {
  const { offsets } = await endOfRun(line, await enterRun(line, 'trades'))
  await eventually(async () => {
    const query = (await queryStatuses(line)).find(({ stream }) => stream === 'trades')
    return Object.entries(offsets).every(([partition, offset]) => (query?.committedOffsets[partition] ?? 0) >= offset)
  }, { deadlineMs: 240_000, everyMs: 100, what: `windows of all that was published until ${JSON.stringify(offsets)}` })
}
