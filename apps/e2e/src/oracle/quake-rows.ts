import type { Row } from '../http/read-view.ts'
import type { Quake } from './raw-quakes.ts'
import { windowsOf, type WindowShape } from './windows-of.ts'

const hour = 3_600_000

export const hourly: WindowShape = { sizeMs: hour, slideMs: hour }
export const sixHours: WindowShape = { sizeMs: 6 * hour, slideMs: hour }
export const daily: WindowShape = { sizeMs: 24 * hour, slideMs: 24 * hour }

export const strongest = (quakes: readonly Quake[]): number => Math.max(...quakes.map(({ magnitude }) => magnitude))
export const meanDepthKm = (quakes: readonly Quake[]): number => quakes.reduce((sum, { depthKm }) => sum + depthKm, 0) / quakes.length
export const meanMagnitude = (quakes: readonly Quake[]): number => quakes.reduce((sum, { magnitude }) => sum + magnitude, 0) / quakes.length

const byNetwork = (quakes: readonly Quake[], window: WindowShape, measure: (members: readonly Quake[]) => Row): Row[] =>
  windowsOf(quakes, { window, at: ({ occurredAt }) => occurredAt, group: ({ network }) => ({ network }), measure })

/** What `earthquakes/per-hour` must answer. */
export const perHourRows = (quakes: readonly Quake[]): Row[] =>
  byNetwork(quakes, hourly, (members) => ({ strongest: strongest(members), meanMagnitude: meanMagnitude(members), meanDepthKm: meanDepthKm(members) }))

/** What `earthquakes/six-hours` must answer. */
export const sixHourRows = (quakes: readonly Quake[]): Row[] =>
  byNetwork(quakes, sixHours, (members) => ({ strongest: strongest(members), meanDepthKm: meanDepthKm(members) }))

/** What the view that the test adds must answer, see `added-view.ts`: quakes of magnitude 2.5 and more, a day. */
export const strongPerDayRows = (quakes: readonly Quake[]): Row[] =>
  byNetwork(quakes.filter(({ magnitude }) => magnitude >= 2.5), daily, (members) => ({
    deepestKm: Math.max(...members.map(({ depthKm }) => depthKm)),
    shallowestKm: Math.min(...members.map(({ depthKm }) => depthKm)),
    meanMagnitude: meanMagnitude(members),
  }))
