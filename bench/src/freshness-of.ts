import type { Trade } from '@millrace/e2e'
import { windowKey, type Sightings } from './watch-windows.ts'

/**
 * Milliseconds from each trade's making to its first sight, sorted. Trades are taken in the order they were served, which
 * is the order they are counted in; `between` bounds when they were made. A trade never seen is an error, not a gap.
 */
export function freshnessOf(trades: readonly Trade[], sightings: Sightings, between: { from: number; until: number }): number[] {
  const counted = new Map<string, number>()
  const found: number[] = []
  for (const { symbol, tradedAt } of trades) {
    const key = windowKey(symbol, tradedAt)
    const rank = (counted.get(key) ?? 0) + 1
    counted.set(key, rank)
    if (tradedAt < between.from || tradedAt > between.until) continue
    const seen = sightings.get(key)?.find(({ events }) => events >= rank)
    if (!seen) throw new Error(`Trade ${rank} of ${key} was never seen: its row showed at most ${sightings.get(key)?.at(-1)?.events ?? 0} events.`)
    found.push(seen.at - tradedAt)
  }
  return found.sort((a, b) => a - b)
}
