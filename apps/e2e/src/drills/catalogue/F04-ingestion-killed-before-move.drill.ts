import { waitUntil } from '@millrace/service'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'

const times = 3

export const killedBeforeMove: Drill = {
  id: 'F04',
  title: 'ingestion killed between acknowledgement and cursor',
  breaks: `kill -9 of ingestion when Kafka has acknowledged a page and the cursor has not moved; ${times} times`,
  expects: 'the next process publishes the page once more; its ids are known',
  protects: 'the same bytes and ids from the table; duplicates removed by id',
  async run(bench) {
    const ingestion = await ProxiedIngestion.open(bench)
    for (let time = 1; time <= times; time++) {
      ingestion.cassandra.onRequest = () => 'pass'
      ingestion.kafka.follow({})
      await ingestion.takeOver()
      await bench.traffic.untilMade((await bench.traffic.made()).during + 1_500)
      let held = 0
      ingestion.kafka.follow({
        onProduced: () => {
          ingestion.cassandra.onRequest = () => { held += 1; return 'hold' }
          return 'pass'
        },
      })
      await waitUntil(() => held > 0, { deadlineMs: 60_000, what: 'the move after an acknowledged page' })
      await ingestion.handBack()
      await bench.recovers('killed before the move')
    }
  },
}
