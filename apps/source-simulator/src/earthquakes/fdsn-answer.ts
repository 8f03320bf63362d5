import type { FdsnQuery } from './fdsn-query.ts'
import type { Quake } from './quake.ts'

const version = '1.5.8'

/** A page of records in the shape of the service. */
export function fdsnPage(quakes: readonly Quake[], { url, now, query }: { readonly url: string, readonly now: number, readonly query: FdsnQuery }): Record<string, unknown> {
  return {
    type: 'FeatureCollection',
    metadata: { generated: now, url, title: 'USGS Earthquakes', status: 200, api: version, ...query.given, count: quakes.length },
    features: quakes,
    ...quakes.length === 0 ? {} : { bbox: box(quakes) },
  }
}

/** The service's plain text for a request it refuses, in the layout of the FDSN web service specification. */
export function fdsnRefusal(message: string, { path, now }: { readonly path: string, readonly now: number }): string {
  const submitted = new Date(now).toISOString().replace(/\.\d+Z$/, '+00:00')
  return [
    'Error 400: Bad Request', message, 'Usage details are available from https://earthquake.usgs.gov/fdsnws/event/1',
    `Request:\n${path}`, `Request Submitted:\n${submitted}`, `Service version:\n${version}`,
  ].join('\n\n') + '\n'
}

/** Least and greatest longitude, latitude and depth. */
function box(quakes: readonly Quake[]): number[] {
  const axis = (index: 0 | 1 | 2): number[] => quakes.map(({ geometry }) => geometry.coordinates[index])
  const axes = [axis(0), axis(1), axis(2)]
  return [...axes.map((values) => Math.min(...values)), ...axes.map((values) => Math.max(...values))]
}
