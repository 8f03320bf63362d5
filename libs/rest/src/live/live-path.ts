import type { Catalogue } from '@millrace/stream-kit'
import { pathParts, routeIn, type FoundRoute } from '../find-route.ts'
import { NothingDeclared } from '../rest.errors.ts'
import type { ViewRoute } from '../view-routes.ts'

const root = '/v1/live'

/** The feed of a view, or of one of its groups, as OpenAPI writes it: `/v1/live/earthquakes/per-hour/{network}`. */
export const livePath = ({ stream, path }: Pick<ViewRoute, 'stream' | 'path'>): string => path.replace(`/v${stream.version}/`, `${root}/`)

/**
 * Finds whose feed a raw, still encoded path asks for: `/v1/live/earthquakes/per-hour/ci`, of the stream's newest version
 * where none is named. Throws NothingDeclared or RequestRefused, as `findRoute`.
 */
export function findLiveRoute(catalogue: Catalogue, rawPath: string, version?: number): FoundRoute {
  const [streamName = '', ...rest] = pathParts(rawPath.slice(root.length))
  const stream = catalogue.find(streamName, version)
  const ofVersion = version === undefined ? '' : `?version=${version}`
  if (!stream) throw new NothingDeclared(`There is no stream '${streamName}'${version === undefined ? '' : ` of version ${version}`}.`, catalogue.streams.map((other) => `${root}/${other.name}?version=${other.version}`))
  return routeIn(stream, rest, (route) => `${livePath(route)}${ofVersion}`)
}
