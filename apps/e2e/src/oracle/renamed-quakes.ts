import type { Quake } from './raw-quakes.ts'

const overlapMs = 600_000

/** The quakes that a poll reads again once all are read: those revised within the source's overlap before the last revision. */
export function readAgain(quakes: readonly Quake[]): Quake[] {
  const last = Math.max(...quakes.map(({ updatedAt }) => updatedAt))
  return quakes.filter(({ updatedAt }) => updatedAt > last - overlapMs)
}

/** Makes another quake of a record whose network stands under another name: with the id that its network gave it, and stronger. */
export const mapping = [
  { op: 'rename', from: '/properties/netCode', path: '/properties/net' },
  { op: 'rename', from: '/properties/code', path: '/id' },
  { op: 'set', path: '/properties/mag', value: 7.5 },
] as const

/** The quake that the mapping makes of it. */
export const mapped = (quake: Quake): Quake => ({ ...quake, id: quake.id.slice(quake.network.length), magnitude: 7.5 })
