import { setTimeout as pause } from 'node:timers/promises'
import { enterRun } from '../../http/trigger-run.ts'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'
import { seededRandom } from '../seeded-random.ts'

const often = { times: 12, share: 0.5 }

export const answersLost: Drill = {
  id: 'F06',
  title: "Kafka's answers lost after the append",
  breaks: `Kafka appends and its answer is lost: once, after which ingestion waits in vain; then ${often.times} times, the connection cut with it; runs are triggered meanwhile`,
  expects: 'the page is sent again; the topic has it twice, no window does',
  protects: 'the unknown outcome is resolved by sending the same ids; duplicates removed by id',
  async run(bench) {
    const ingestion = await ProxiedIngestion.open(bench)
    await ingestion.takeOver()
    await bench.traffic.untilMade(2_000)
    let lost = 0
    ingestion.kafka.follow({ onProduced: () => (lost++ === 0 ? 'drop' : 'pass') })
    await pause(1_000)
    await bench.recovers('one answer lost')

    const random = seededRandom(bench.seed)
    const line = bench.line.at({ ingestion: ingestion.runs.url })
    const runs: Promise<string>[] = []
    lost = 0
    ingestion.kafka.follow({
      onProduced: () => {
        if (lost >= often.times || random() > often.share) return 'pass'
        lost += 1
        ingestion.kafka.proxy.cut()
        runs.push(enterRun(line, 'trades'))
        return 'drop'
      },
    })
    const until = Date.now() + 90_000
    while (lost < often.times && Date.now() < until) await pause(100)
    bench.expect(lost === often.times, `${lost} answers were lost; ${often.times} were to be`)
    await Promise.all(runs)
    ingestion.kafka.follow({})
    await bench.recovers(`${lost} answers lost`)
  },
}
