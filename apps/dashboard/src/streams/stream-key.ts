import type { StreamAnswer } from '../api/answers.ts'
import type { Route } from '../route/hash-route.ts'

/** One version of a stream, as topics name it: `trades.v1`. */
export const streamKey = ({ name, version }: Pick<StreamAnswer, 'name' | 'version'>): string => `${name}.v${version}`

/** The stream that a route means: without a name the first one, without a version the newest. Null where there is none. */
export function streamOf(streams: readonly StreamAnswer[], { stream, version }: Pick<Route, 'stream' | 'version'>): StreamAnswer | null {
  if (stream === null) return streams[0] ?? null
  const named = streams.filter(({ name }) => name === stream)
  if (version !== null) return named.find((one) => one.version === version) ?? null
  return named.reduce<StreamAnswer | null>((newest, one) => (newest === null || one.version > newest.version ? one : newest), null)
}
