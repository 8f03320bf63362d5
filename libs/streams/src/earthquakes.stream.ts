import { avg, defineStream, httpSource, instant, max, real, sliding, text, tumbling } from '@millrace/stream-kit'

/** A record of the USGS FDSN event service's GeoJSON. */
interface Quake {
  id: string
  properties: { net: string; place: string | null; mag: number | null; time: number; updated: number }
  geometry: { coordinates: [longitude: number, latitude: number, depthKm: number] }
}

export const earthquakes = defineStream({
  name: 'earthquakes',
  version: 1,
  summary: 'An earthquake located by a seismic network.',
  event: {
    id: text({ maxLength: 64 }),
    network: text({ maxLength: 8 }),
    place: text({ maxLength: 200 }).optional(),
    magnitude: real().optional(),
    depthKm: real(),
    occurredAt: instant(),
  },
  id: ['id'],
  key: 'network',
  eventTime: 'occurredAt',
  lateness: '6 hours',
  retention: '7 days',
  partitions: 2,
  trustSourceClock: true,
  poll: '5 seconds',
  check: '*/10 * * * *',
  source: httpSource({
    url: 'http://127.0.0.1:13009/fdsnws/event/1/query',
    start: { updated: '2018-01-01T00:00:00.000Z' },
    overlap: '10 minutes',
    pageSize: 500,
    timeout: '30 seconds',
    order: 'ascending',
    request: ({ cursor, page, pageSize }) => ({
      query: { format: 'geojson', orderby: 'time-asc', updatedafter: cursor.updated, limit: pageSize, offset: page * pageSize + 1 },
    }),
    range: ({ from, to, page, pageSize }) => ({
      query: { format: 'geojson', orderby: 'time-asc', starttime: from, endtime: to, limit: pageSize, offset: page * pageSize + 1 },
    }),
    items: (body: { features: Quake[] }) => body.features,
    advance: ({ updated }, quakes) => ({
      updated: new Date(quakes.reduce((latest, quake) => Math.max(latest, quake.properties.updated), Date.parse(updated))).toISOString(),
    }),
    toEvent: (quake) => ({
      id: quake.id,
      network: quake.properties.net,
      place: quake.properties.place,
      magnitude: quake.properties.mag,
      depthKm: quake.geometry.coordinates[2],
      occurredAt: quake.properties.time,
    }),
  }),
  views: {
    'per-hour': {
      summary: 'Earthquakes an hour by network.',
      window: tumbling('1 hour'),
      by: ['network'],
      measures: { strongest: max('magnitude'), meanMagnitude: avg('magnitude'), meanDepthKm: avg('depthKm') },
    },
    'six-hours': {
      summary: 'Earthquakes of the last six hours by network, every hour.',
      window: sliding('6 hours', { every: '1 hour' }),
      by: ['network'],
      measures: { strongest: max('magnitude'), meanDepthKm: avg('depthKm') },
    },
  },
})
