import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A record of the file as the oracle needs it. */
export interface Quake {
  readonly id: string
  readonly network: string
  readonly magnitude: number
  readonly depthKm: number
  readonly occurredAt: number
  readonly updatedAt: number
}

interface Feature {
  id: string
  properties: { net: string; mag: number; time: number; updated: number }
  geometry: { coordinates: [number, number, number] }
}

/** The quakes of the file that the simulator serves, read without the simulator. */
export function rawQuakes(root: string): Quake[] {
  const { features } = JSON.parse(readFileSync(join(root, 'node_modules/vega-datasets/data/earthquakes.json'), 'utf8')) as { features: Feature[] }
  return features.map(({ id, properties, geometry }) => ({
    id,
    network: properties.net,
    magnitude: properties.mag,
    depthKm: geometry.coordinates[2],
    occurredAt: properties.time,
    updatedAt: properties.updated,
  }))
}
