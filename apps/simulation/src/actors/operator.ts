import { ProblemException } from '@millrace/service'
import { MillraceError } from '@millrace/stream-kit'
import type { Machine } from '../engine/machine.ts'
import { hourMs } from '../stream.ts'
import { troubledMs, type World } from '../world.ts'
import type { Ingester } from './ingester.ts'

const clockJumps = [-6 * hourMs, -60_000, 8_000, 60_000, 6 * hourMs]

/** Everything that somebody does to the line, or that befalls it as a whole. */
const interventions = {
  'ingestion: killed': (world) => { someIngester(world)?.machine.kill('kill -9') },
  'ingestion: told to stop': (world) => { void someIngester(world)?.stop() },
  'ingestion: stands still': (world) => { someIngester(world)?.machine.standStill(world.random.between(1_000, 25_000)) },
  'ingestion: a zombie, and its successor': (world) => {
    const zombie = someIngester(world)
    if (!zombie) return
    zombie.machine.standStill(world.random.between(500, 8_000))
    world.startIngester(zombie.name)
    zombies.set(world, [...(zombies.get(world) ?? []), zombie.machine])
  },
  'ingestion: its clock jumps': (world) => {
    const ingester = someIngester(world)
    if (ingester) ingester.machine.clockAheadMs += world.random.pick(clockJumps)
  },
  'ingestion: the stream is paused': (world) => { void pauseFor(world, world.random.between(500, 8_000)) },
  'ingestion: a run is triggered': (world) => { void trigger(world, world.newId('key'), null) },
  'ingestion: a run is triggered twice at once': (world) => {
    const key = world.newId('key')
    for (let i = 0; i < 2; i += 1) void trigger(world, key, null)
  },
  'ingestion: a backfill is triggered': (world) => {
    const watermark = Number(world.database.node.look('streams', [world.stream.name, world.stream.version], null)?.['watermark'] ?? 0)
    if (watermark <= 0) return
    const to = watermark - world.random.below(hourMs)
    void trigger(world, world.newId('key'), { from: new Date(to - world.random.between(1, 6) * hourMs).toISOString(), to: new Date(to).toISOString() })
  },
  'bridge: killed': (world) => { world.bridge?.machine.kill('kill -9') },
  'bridge: stands still': (world) => { world.bridge?.machine.standStill(world.random.between(1_000, 15_000)) },
  'bridge: its clock jumps': (world) => {
    if (world.bridge) world.bridge.machine.clockAheadMs += world.random.pick(clockJumps)
  },
  'bridge: a zombie, and its successor': (world) => {
    const zombie = world.bridge
    if (!zombie) return
    zombie.machine.standStill(world.random.between(500, 8_000))
    world.startBridge()
    zombies.set(world, [...(zombies.get(world) ?? []), zombie.machine])
  },
  'bridge: a rebuild is asked for': (world) => { world.bridge?.rebuild() },
  'materializer: killed': (world) => { world.materializer?.machine.kill('kill -9') },
  'materializer: a zombie, and its successor': (world) => {
    const zombie = world.materializer
    if (!zombie) return
    zombie.machine.standStill(world.random.between(500, 12_000))
    world.startMaterializer()
    zombies.set(world, [...(zombies.get(world) ?? []), zombie.machine])
  },
  'spark: restarted': (world) => { world.spark.restart() },
  'cassandra is away': (world) => { world.takeAway('cassandra', world.random.between(500, 15_000)) },
  'kafka is away': (world) => { world.takeAway('kafka', world.random.between(500, 15_000)) },
  'source is away': (world) => { world.takeAway('source', world.random.between(500, 15_000)) },
  'spark is away': (world) => { world.takeAway('spark', world.random.between(500, 10_000)) },
} as const satisfies Record<string, (world: World) => void>

export const interventionNames = Object.keys(interventions) as (keyof typeof interventions)[]

const zombies = new WeakMap<World, Machine[]>()

/** Starts the line, and draws what will befall it. */
export function operate(world: World): void {
  const { random, time } = world
  const names = ['a', 'b', 'c'].slice(0, random.pick([1, 1, 2, 2, 3]))
  for (const name of names) time.after(random.below(2_000), () => { world.startIngester(name) })
  time.after(random.below(2_000), () => { world.startBridge() })
  time.after(random.below(2_000), () => { world.startMaterializer() })
  const many = random.below(9)
  for (let i = 0; i < many; i += 1) {
    const name = random.pick(interventionNames)
    time.after(random.between(2_500, troubledMs), () => {
      world.tell('operator', name)
      world.faults.count(name)
      interventions[name](world)
    })
  }
}

/** Puts right what only an operator does. */
export function putRight(world: World): void {
  world.calm()
  for (const machine of zombies.get(world) ?? []) machine.kill('its supervisor finds two of a name')
  for (const { machine } of [...world.ingesters.values(), ...(world.bridge ? [world.bridge] : [])]) {
    machine.clockAheadMs = 0
    machine.goOn()
  }
  void pauseFor(world, 0)
}

function someIngester({ ingesters, random }: World): Ingester | undefined {
  const alive = [...ingesters.values()].filter(({ machine }) => machine.isAlive)
  return alive.length === 0 ? undefined : random.pick(alive)
}

async function pauseFor(world: World, ms: number): Promise<void> {
  if (ms > 0) {
    await attempt(world, (ingester) => ingester.pause(true), 1)
    await world.outside.clock.sleep(ms)
  }
  await attempt(world, (ingester) => ingester.pause(false))
}

/** As Airflow does: the same key again and again until somebody answers. */
async function trigger(world: World, key: string, range: { from: string; to: string } | null): Promise<void> {
  const run = await attempt(world, (ingester) => ingester.trigger(key, range))
  if (run) world.keys.set(key, new Set([...(world.keys.get(key) ?? []), run.id]))
}

/** Asks some instance, and another one if it does not answer in five seconds. */
async function attempt<T>(world: World, ask: (ingester: Ingester) => Promise<T>, most = 40): Promise<T | undefined> {
  for (let tries = 0; tries < most; tries += 1) {
    const ingester = someIngester(world)
    try {
      const answer = ingester && (await Promise.race([ask(ingester), world.outside.clock.sleep(5_000).then(() => undefined)]))
      if (answer !== undefined || (ingester && most === 1)) return answer
    } catch (error) {
      if (error instanceof ProblemException) return undefined
      if (!(error instanceof MillraceError)) throw error
    }
    await world.outside.clock.sleep(world.random.between(200, 2_000))
  }
  return undefined
}
