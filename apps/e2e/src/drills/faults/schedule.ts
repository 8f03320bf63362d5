import { seededRandom } from '../seeded-random.ts'
import type { ProcessName } from './processes.ts'

export type Fault =
  | { readonly kind: 'kill'; readonly whom: ProcessName }
  | { readonly kind: 'stop'; readonly whom: ProcessName; readonly forMs: number }
  | { readonly kind: 'cut'; readonly way: 'kafka' | 'cassandra'; readonly forMs: number }

export type Planned = Fault & { readonly atMs: number }

const whoms: readonly ProcessName[] = ['kafka', 'cassandra', 'spark', 'ingestion', 'spark-bridge', 'materializer', 'query-api']
const apart = { leastMs: 3_000, mostMs: 15_000 }
const stop = { leastMs: 1_000, mostMs: 20_000 }
const cut = { leastMs: 200, mostMs: 8_000 }

/** Kills, stops and cuts over a time; the same for the same seed. They may overlap. */
export function faultSchedule(seed: number, seconds: number): Planned[] {
  const random = seededRandom(seed)
  const between = ({ leastMs, mostMs }: { leastMs: number; mostMs: number }): number => Math.round(leastMs + random() * (mostMs - leastMs))
  const planned: Planned[] = []
  for (let atMs = between(apart); atMs < seconds * 1_000; atMs += between(apart)) {
    const whom = whoms[Math.floor(random() * whoms.length)] ?? 'spark'
    const kind = random()
    if (kind < 0.5) planned.push({ atMs, kind: 'kill', whom })
    else if (kind < 0.8) planned.push({ atMs, kind: 'stop', whom, forMs: between(stop) })
    else planned.push({ atMs, kind: 'cut', way: random() < 0.5 ? 'kafka' : 'cassandra', forMs: between(cut) })
  }
  return planned
}
