import { configureLog } from '@millrace/observability'
import { operate, putRight } from './actors/operator.ts'
import { Random } from './engine/random.ts'
import { replaceGlobals } from './engine/replaced-globals.ts'
import { verdict } from './oracle/verdict.ts'
import { troubledMs, World, type WorldOptions } from './world.ts'

export interface Outcome {
  readonly seed: number
  /** Empty where everything was as promised. */
  readonly violations: readonly string[]
  /** Equal for equal stories. */
  readonly digest: string
  readonly steps: number
  readonly happened: ReadonlyMap<string, number>
  readonly trace: readonly string[]
  /** How long the line took to settle once nothing went wrong any more. */
  readonly settledMs: number
}

/** A line that has not settled by then never will. */
const longestSettlingMs = 300_000
const lookEveryMs = 3_000

/** Lives through one world. */
export async function simulate(options: WorldOptions): Promise<Outcome> {
  const world = new World(options)
  const { faults, time, trace, violations, watch } = world
  const chance = new Random(options.seed, 'chance')
  const restoreLog = configureLog({ app: 'simulation', level: 'error', write: () => undefined })
  const restore = replaceGlobals({ clock: world.outside.clock, random: () => chance.next(), onRealTimer: (name) => { world.violated(`somebody waits in real time: ${name}`) } })
  const onRejection = (error: unknown): void => { world.violated(`a mistake in the program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`) }
  const { stackTraceLimit } = Error
  // Errors are many here, and their stacks cost more than all the rest.
  if (options.isTraced !== true) Error.stackTraceLimit = 0
  process.on('unhandledRejection', onRejection)
  try {
    const isBroken = () => violations.length > 0
    const passTo = (ms: number) => time.passUntil(() => isBroken() || world.sinceStart >= ms)
    operate(world)
    await passTo(troubledMs)
    if (!isBroken()) putRight(world)
    const settledMs = await settle(world, passTo)
    watch.finalRows()
    return { seed: options.seed, violations, digest: trace.digest, steps: time.steps, happened: faults.happened, trace: trace.lines, settledMs }
  } finally {
    process.off('unhandledRejection', onRejection)
    Error.stackTraceLimit = stackTraceLimit
    restore()
    restoreLog()
  }
}

/** Waits until all is as promised, and stays so. */
async function settle(world: World, passTo: (ms: number) => Promise<void>): Promise<number> {
  const { violations } = world
  let good = 0
  const isBroken = () => violations.length > 0
  for (let at = troubledMs + lookEveryMs; !isBroken(); at += lookEveryMs) {
    await passTo(at)
    if (isBroken()) break
    const problems = await verdict(world)
    good = problems.length === 0 ? good + 1 : 0
    if (good === 2) return at - troubledMs
    if (at - troubledMs >= longestSettlingMs) {
      for (const problem of problems.slice(0, 5)) world.violated(`after ${longestSettlingMs / 1_000} calm seconds: ${problem}`)
    }
  }
  return world.sinceStart - troubledMs
}
