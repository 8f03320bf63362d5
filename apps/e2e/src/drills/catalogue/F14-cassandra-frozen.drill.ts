import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@millrace/service'
import type { Drill } from '../drill.ts'
import { ProxiedIngestion } from '../faults/proxied-ingestion.ts'

export const cassandraFrozen: Drill = {
  id: 'F14',
  title: 'Cassandra stands still in the middle of a lightweight transaction',
  breaks: 'SIGSTOP of Cassandra when the move of a page has just reached it, for 6 s and for 20 s (a request may take less); then it goes on, and does it',
  expects: 'the unknown outcome is read, not guessed',
  protects: 'lightweight transactions by epoch and number; a SERIAL read after an unknown outcome',
  async run(bench) {
    const ingestion = await ProxiedIngestion.open(bench)
    await ingestion.takeOver()
    for (const { seconds, nth } of [{ seconds: 6, nth: 1 }, { seconds: 20, nth: 2 }]) {
      await bench.traffic.untilMade((await bench.traffic.made()).during + 2_000)
      let frozen: Promise<number> | undefined
      ingestion.kafka.follow({
        onProduced: () => {
          // What follows the acknowledgement: the ids of the page, then its move.
          let requests = 0
          ingestion.cassandra.onRequest = () => {
            if (++requests === nth) frozen ??= bench.processes.signal('cassandra', 'SIGSTOP')
            return 'pass'
          }
          return 'pass'
        },
      })
      await waitUntil(() => frozen !== undefined, { deadlineMs: 60_000, what: 'the move of a page' })
      const pid = await frozen
      await pause(seconds * 1_000)
      ingestion.kafka.follow({})
      ingestion.cassandra.onRequest = () => 'pass'
      if (pid !== undefined) process.kill(pid, 'SIGCONT')
      await bench.recovers(`Cassandra still for ${seconds} s`)
    }
  },
}
