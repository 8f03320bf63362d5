import { streamStatus } from '../../http/stream-status.ts'
import { eventually } from '../../line/eventually.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { batchBegun } from '../faults/checkpoint.ts'
import { SparkStandIn } from '../faults/spark-stand-in.ts'
import { ingestionInstance, setAside, StandIn } from '../faults/stand-in.ts'
import { goesOnAlone } from '../faults/started-like.ts'
import { minutesOff, missingFaketime, wrongClock } from '../faults/wrong-clock.ts'

const hours = 3
/** Within the hour that a source's clock may differ from ours. */
const little = -45
const offBy = [hours * 60, -hours * 60]

export const clocksOff: Drill = {
  id: 'F25',
  title: 'clocks that are off by hours',
  breaks: `the writer's clock ${hours} hours ahead, then behind, and right again while windows are open that the wrong one has written; ingestion's ${hours} hours ahead and behind, and ${-little} minutes behind; Spark's ${hours} hours ahead and behind`,
  expects: 'ingestion goes on by the source\'s clock; where the two differ by more than an hour the page waits, and a signal says so. Spark and the writer go on as if nothing were',
  protects: "event times and the source's clock; leases that compare no two clocks; rows versioned by their count of events",
  missing: () => missingFaketime(),
  async run(bench) {
    const all: readonly (() => Promise<void>)[] = [
      ...offBy.map((minutes) => () => writerGoesOn(bench, minutes)),
      ...offBy.map((minutes) => () => ingestionWaits(bench, minutes)),
      () => ingestionGoesOn(bench),
      ...offBy.map((minutes) => () => sparkGoesOn(bench, minutes)),
    ]
    // After the first problem nothing is learnt by breaking more.
    for (const one of all) if (bench.problems.length === 0) await one()
  },
}

async function ingestionWaits(bench: DrillBench, minutes: number): Promise<void> {
  const { line, traffic, recovers, expect } = bench
  const { standIn, handBack } = await ingestionOff(bench, minutes)
  await eventually(async () => (await waits(standIn)) > 0, { deadlineMs: 60_000, everyMs: 250, what: 'ingestion to say that a clock is off' })
  const published = async (): Promise<number> => (await streamStatus(line.urls.queryApi, 'trades')).counts.published
  const before = await published()
  await traffic.untilMade((await traffic.made()).during + 2_000)
  expect(await published() === before, `ingestion ${told(minutes)} has gone on; it is to wait`)
  await handBack()
  await recovers(`ingestion's clock ${told(minutes)}, and right again`)
}

async function ingestionGoesOn(bench: DrillBench): Promise<void> {
  const { standIn, handBack } = await ingestionOff(bench, little)
  await bench.recovers(`ingestion's clock ${told(little)}`)
  bench.expect(await waits(standIn) === 0, `ingestion ${told(little)} has waited; it is to go on`)
  await handBack()
  await bench.recovers("ingestion's clock right again")
}

/** One with a wrong clock takes over what the line's own held. */
async function ingestionOff(bench: DrillBench, minutes: number): Promise<{ readonly standIn: StandIn; readonly handBack: () => Promise<void> }> {
  const { line, processes, traffic } = bench
  await traffic.untilMade((await traffic.made()).during + 1_000)
  let own = await setAside(processes, 'ingestion')
  const letGo = (): void => {
    if (own !== 0) process.kill(own, 'SIGKILL')
    own = 0
  }
  bench.finally(letGo)
  const standIn = await StandIn.start(line, processes, 'ingestion', { ...wrongClock(minutes), MILLRACE_INGESTION_INSTANCE: ingestionInstance(line) })
  const handBack = async (): Promise<void> => {
    await standIn.kill()
    letGo()
  }
  bench.finally(handBack)
  await isOff(bench, standIn, minutes)
  return { standIn, handBack }
}

async function sparkGoesOn(bench: DrillBench, minutes: number): Promise<void> {
  const { line, processes, traffic, recovers } = bench
  await traffic.untilMade((await traffic.made()).during + 1_000)
  const spark = await SparkStandIn.start(line, processes, wrongClock(minutes))
  bench.finally(() => spark.handBack())
  await eventually(() => Promise.resolve(minutesOff(batchBegun(line)) === minutes), { deadlineMs: 120_000, everyMs: 250, what: `a batch of a Spark whose clock is ${told(minutes)}` })
  await recovers(`Spark's clock ${told(minutes)}`)
  await spark.handBack()
  await recovers("Spark's clock right again")
}

/** The right one joins before the wrong one leaves: windows go from hand to hand while their events come. */
async function writerGoesOn(bench: DrillBench, minutes: number): Promise<void> {
  const { line, processes, traffic, recovers } = bench
  await traffic.untilMade((await traffic.made()).during + 1_000)
  const wrong = await StandIn.start(line, processes, 'materializer', { ...wrongClock(minutes), ...goesOnAlone })
  bench.finally(() => wrong.kill())
  const own = await setAside(processes, 'materializer')
  bench.finally(() => { if (processes.noted('materializer').pid === own) process.kill(own, 'SIGKILL') })
  await isOff(bench, wrong, minutes)
  await recovers(`the writer's clock ${told(minutes)}`)
  process.kill(own, 'SIGKILL')
  await processes.ready('materializer', own)
  wrong.signal('SIGTERM')
  await wrong.end()
  await recovers("the writer's clock right again")
}

/** Node puts its own time on every answer. */
async function isOff({ expect }: DrillBench, { url }: StandIn, minutes: number): Promise<void> {
  const shown = (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(10_000) })).headers.get('date')
  expect(minutesOff(Date.parse(shown ?? '')) === minutes, `the clock that is to be ${told(minutes)} shows ${shown ?? 'nothing'}`)
}

/** How often it has waited because of the two clocks. */
async function waits({ url }: StandIn): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text()
  return Number(/^millrace_ingestion_waits_total\{(?=[^}]*stream="trades")(?=[^}]*code="source_clock_off")[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0)
}

const told = (minutes: number): string => `${Math.abs(minutes) >= 60 ? `${Math.abs(minutes) / 60} h` : `${Math.abs(minutes)} min`} ${minutes < 0 ? 'behind' : 'ahead'}`
