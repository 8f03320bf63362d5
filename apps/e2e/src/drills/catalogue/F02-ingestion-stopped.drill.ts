import { waitUntil } from '@millrace/service'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'

const times = 3
const holdMs = 1_000

export const ingestionStopped: Drill = {
  id: 'F02',
  title: 'ingestion told to stop in the middle of a page',
  breaks: `SIGTERM of ingestion while a page is on its way to Kafka, ${times} times; the page arrives a second later`,
  expects: 'it ends within five seconds; the next process goes on where the page ends',
  protects: 'the page is written ahead, and finished by whoever comes next',
  async run(bench) {
    const ingestion = await ProxiedIngestion.open(bench)
    for (let time = 1; time <= times; time++) {
      ingestion.kafka.follow({})
      await ingestion.takeOver()
      await bench.traffic.untilMade((await bench.traffic.made()).during + 1_500)
      let held = 0
      ingestion.kafka.follow({ onProduce: () => { held += 1; return 'hold' } })
      await waitUntil(() => held > 0, { deadlineMs: 60_000, what: 'a page on its way to Kafka' })
      const told = Date.now()
      ingestion.runs.signal('SIGTERM')
      setTimeout(() => { ingestion.kafka.follow({}) }, holdMs)
      await ingestion.runs.end()
      const seconds = (Date.now() - told) / 1_000
      bench.expect(seconds < 6, `ingestion took ${seconds} s to end after SIGTERM; 5 s are expected`)
      await ingestion.handBack()
      await bench.recovers(`stopped, ${seconds.toFixed(1)} s to end`)
    }
  },
}
