import { getJson, ViewFollower, type Line } from '@millrace/e2e'

interface Row {
  readonly symbol: string
  readonly windowStart: string
  readonly events: number
}

/** When a window first showed at least this many events. */
export interface Sighting {
  readonly events: number
  readonly at: number
}

const gapMs = 20
const windowMs = 10_000
/** Each look takes the window of now and the one before; each twentieth goes farther back, so that a very late row is late and not missing. */
const windowsBack = (look: number): number => (look % 20 === 0 ? 4 : 1)

/** By `symbol` and window start, each growth of the window as a client saw it. */
export type Sightings = ReadonlyMap<string, readonly Sighting[]>

/** Notes a growth of a window; a row that shows no more than before is none. */
function note(sightings: Map<string, Sighting[]>, { symbol, windowStart, events }: Row): void {
  const seen = sightings.get(`${symbol} ${windowStart}`) ?? []
  if (events > (seen.at(-1)?.events ?? 0)) sightings.set(`${symbol} ${windowStart}`, [...seen, { events, at: Date.now() }])
}

export const windowKey = (symbol: string, tradedAt: number): string => `${symbol} ${new Date(Math.floor(tradedAt / windowMs) * windowMs).toISOString()}`

/**
 * Reads the windows of ten seconds of all symbols over and over until told to stop, and notes when each grew. One request
 * at a time with a short gap: how long a request and the gap take is the resolution of the measurement.
 */
export async function watchWindows({ urls: { queryApi } }: Line, signal: AbortSignal): Promise<{ sightings: Sightings; looks: number }> {
  const sightings = new Map<string, Sighting[]>()
  let looks = 0
  while (!signal.aborted) {
    const from = new Date(Math.floor(Date.now() / windowMs - windowsBack(looks)) * windowMs).toISOString()
    const { data } = await getJson<{ data: readonly Row[] }>(`${queryApi}/v1/trades/per-10-seconds?from=${from}&to=${new Date(Date.now() + windowMs).toISOString()}&limit=200`)
    looks++
    for (const row of data) note(sightings, row)
    await new Promise((resolve) => setTimeout(resolve, gapMs))
  }
  return { sightings, looks }
}

/** The same over the live feed. */
export async function followWindows({ urls: { queryApi } }: Line, signal: AbortSignal): Promise<Sightings> {
  const sightings = new Map<string, Sighting[]>()
  const follower = new ViewFollower({
    url: `${queryApi}/v1/live/trades/per-10-seconds`, key: ['symbol', 'windowStart'],
    onRow: (row) => { note(sightings, { symbol: String(row['symbol']), windowStart: String(row['windowStart']), events: Number(row['events']) }) },
  })
  await new Promise((resolve) => { signal.addEventListener('abort', resolve, { once: true }) })
  await follower.close()
  return sightings
}
