import type { StreamWorker } from '../pipeline/stream-worker.ts'
import { Crash } from './crash.ts'
import type { TestBench } from './test-bench.ts'

const mostTurns = 20

/** Works until the runs have ended; true when it died before. */
export async function dies(worker: StreamWorker, { runs, stream }: TestBench): Promise<boolean> {
  try {
    for (let turn = 0; turn < mostTurns; turn += 1) {
      await worker.turn()
      if ((await runs.open(stream)).length === 0) return false
    }
  } catch (error) {
    if (error instanceof Crash) return true
    throw error
  }
  throw new Error(`the run has not ended after ${mostTurns} turns`)
}
