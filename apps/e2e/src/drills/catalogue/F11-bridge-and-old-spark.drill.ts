import { setTimeout as pause } from 'node:timers/promises'
import type { Drill } from '../drill.ts'

export const bridgeAndOldSpark: Drill = {
  id: 'F11',
  title: 'the bridge killed while the old Spark server stands still, and goes on later',
  breaks: 'SIGSTOP of Spark, kill -9 of the bridge; the next bridge looks at a server that does not answer; after 15 s Spark goes on with its batch',
  expects: 'the next bridge adopts the query that still runs; there is one, not two',
  protects: 'one session id; row versions',
  async run({ processes, traffic, recovers }) {
    for (const seconds of [15, 40]) {
      await traffic.untilMade((await traffic.made()).during + 2_000)
      const spark = await processes.signal('spark', 'SIGSTOP')
      await processes.kill('spark-bridge')
      await pause(seconds * 1_000)
      process.kill(spark, 'SIGCONT')
      await recovers(`Spark still for ${seconds} s, and another bridge`)
    }
  },
}
