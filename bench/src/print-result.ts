import { percentile } from './percentile.ts'
import type { UsageByName } from './usage-of-line.ts'

export interface Result {
  /** Milliseconds, sorted. */
  readonly overRest: readonly number[]
  readonly overFeed: readonly number[]
  readonly before: UsageByName
  readonly after: UsageByName
  readonly seconds: number
  readonly lookEveryMs: number
}

/** Prints the result as two short tables. CPU is the share of one core. */
export function printResult({ overRest, overFeed, before, after, seconds, lookEveryMs }: Result): void {
  console.log(`\nFreshness of ${overRest.length} trades`)
  for (const [what, freshness] of [[`made → readable over REST; one look every ${Math.round(lookEveryMs)} ms`, overRest], ['made → sent over the live feed', overFeed]] as const) {
    const at = (share: number): string => `${percentile(freshness, share)} ms`
    console.log(`  ${what}\n    p50 ${at(0.5)}   p90 ${at(0.9)}   p99 ${at(0.99)}   greatest ${at(1)}`)
  }
  console.log(`\n  ${'process'.padEnd(18)}${'CPU of a core'.padStart(14)}${'memory'.padStart(12)}`)
  const rows = [...after].map(([name, usage]) => ({ name, cpu: (usage.cpuSeconds - (before.get(name)?.cpuSeconds ?? 0)) / seconds, rss: usage.rssBytes }))
  const all = { name: 'all', cpu: rows.reduce((sum, { cpu }) => sum + cpu, 0), rss: rows.reduce((sum, { rss }) => sum + rss, 0) }
  for (const { name, cpu, rss } of [...rows, all]) console.log(`  ${name.padEnd(18)}${`${(cpu * 100).toFixed(1)} %`.padStart(14)}${`${Math.round(rss / 1_048_576)} MB`.padStart(12)}`)
}
