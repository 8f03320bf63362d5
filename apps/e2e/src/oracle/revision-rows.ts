import type { Row } from '../http/read-view.ts'
import { daily } from './quake-rows.ts'
import type { Quake } from './raw-quakes.ts'
import { windowsOf } from './windows-of.ts'

/** What the stream of docs/guides/add-a-stream.md must answer when every quake was served once, with its last revision. */
export const revisionRows = (quakes: readonly Quake[]): Row[] =>
  windowsOf(quakes, { window: daily, at: ({ updatedAt }) => updatedAt, group: ({ network }) => ({ network }), measure: delays })

function delays(quakes: readonly Quake[]): Row {
  const minutes = quakes.map(({ occurredAt, updatedAt }) => (updatedAt - occurredAt) / 60_000)
  return {
    meanDelayMinutes: minutes.reduce((sum, delay) => sum + delay, 0) / minutes.length,
    longestDelayMinutes: Math.max(...minutes),
  }
}
