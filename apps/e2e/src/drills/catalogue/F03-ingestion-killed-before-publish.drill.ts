import { waitUntil } from '@millrace/service'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'

const times = 3

export const killedBeforePublish: Drill = {
  id: 'F03',
  title: 'ingestion killed before a page is published',
  breaks: `kill -9 of ingestion when a page is judged and written ahead, and its records have not reached Kafka; ${times} times`,
  expects: 'the next process publishes the page from the table',
  protects: 'the cursor moves only after the acknowledgement',
  async run(bench) {
    const ingestion = await ProxiedIngestion.open(bench)
    for (let time = 1; time <= times; time++) {
      ingestion.kafka.follow({})
      await ingestion.takeOver()
      await bench.traffic.untilMade((await bench.traffic.made()).during + 1_500)
      let held = 0
      ingestion.kafka.follow({ onProduce: () => { held += 1; return 'hold' } })
      await waitUntil(() => held > 0, { deadlineMs: 60_000, what: 'a page on its way to Kafka' })
      // What ingestion does next, it does without the acknowledgement.
      await bench.traffic.untilMade((await bench.traffic.made()).during + 250)
      await ingestion.handBack()
      await bench.recovers('killed before publish')
    }
  },
}
