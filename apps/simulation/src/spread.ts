import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { merged, type Campaign } from './campaign.ts'

export interface SpreadOptions {
  readonly first: number
  readonly seeds: number
  readonly processes: number
}

/** As many as there are cores, but no more than two: others work on this machine, too. */
export const usualProcesses = Math.min(2, availableParallelism())

/** Worlds make much that is gone at once: a larger nursery, swept by the one thread that works anyway, costs a fifth less. */
const memory = ['--min-semi-space-size=16', '--max-semi-space-size=32', '--single-threaded-gc']

/** A campaign in processes of its own, each of which lives through as many of the seeds as the others. */
export async function spread({ first, seeds, processes }: SpreadOptions): Promise<Campaign> {
  const bounds = Array.from({ length: processes + 1 }, (_, at) => first + Math.round((at * seeds) / processes))
  return merged(await Promise.all(bounds.slice(1).map((end, at) => part(bounds[at] ?? first, end))))
}

async function part(first: number, end: number): Promise<Campaign> {
  const child = fork(process.argv[1] ?? '', ['--seed', String(first), '--seeds', String(end - first)], { execArgv: [...process.execArgv, ...memory] })
  return await new Promise((resolve, reject) => {
    let found: Campaign | null = null
    child.on('message', (message) => { found = message as Campaign })
    child.once('error', reject)
    child.once('close', (code) => {
      if (found) resolve(found)
      else reject(new Error(`The process that lives through seeds ${first} to ${end - 1} has ended with code ${String(code)}, without an answer.`))
    })
  })
}
