import { seededRandom } from '../seeded-random.ts'
import type { Quake } from './quake.ts'

/** A record as its first readers see it, and as it was revised: the two differ only in `updated`. */
export interface Appearance {
  readonly first: Quake
  readonly revised: Quake
  /** When the first copy can be read. It is the first copy's `updated`. */
  readonly appearsAt: number
  /** When the revision takes its place: the record's real `updated`. */
  readonly revisedAt: number
}

const minute = 60_000
const hour = 60 * minute
const lateShare = 0.05

/**
 * When each record appears. Most take one to six minutes. About three in a hundred take one to twelve hours, so that events
 * arrive that are later than a lateness of six hours. None appears after its own revision, so each is seen twice.
 */
export function appearances(quakes: readonly Quake[], seed: number): Appearance[] {
  return quakes.map((quake) => {
    const { time, updated } = quake.properties
    const random = seededRandom(`${seed}:${quake.id}`)
    const untilRevised = updated - time
    const isLate = random() < lateShare && untilRevised > 1.5 * hour
    const wanted = isLate ? hour + random() * 11 * hour : minute + random() * 5 * minute
    const appearsAt = time + Math.round(Math.min(wanted, untilRevised * 0.9))
    return { first: { ...quake, properties: { ...quake.properties, updated: appearsAt } }, revised: quake, appearsAt, revisedAt: updated }
  })
}
