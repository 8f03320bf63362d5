import type { Appearance } from './appearances.ts'
import type { FdsnQuery } from './fdsn-query.ts'
import type { Quake } from './quake.ts'

/** What the service would answer at this moment: each record that has appeared, revised if its revision has come, as asked for. */
export function quakesAt(appearances: readonly Appearance[], now: number, query: FdsnQuery): Quake[] {
  const { starttime, endtime, updatedafter, minmagnitude, orderby, limit, offset } = query
  const visible = appearances
    .filter(({ appearsAt }) => appearsAt <= now)
    .map(({ first, revised, revisedAt }) => revisedAt <= now ? revised : first)
    .filter(({ properties: { time, updated, mag } }) => time >= starttime && time <= endtime && updated > updatedafter && mag >= minmagnitude)
  const sorted = visible.sort((a, b) => a.properties.time - b.properties.time || (a.id < b.id ? -1 : 1))
  const ordered = orderby === 'time-asc' ? sorted : sorted.reverse()
  return ordered.slice(offset - 1, offset - 1 + limit)
}
