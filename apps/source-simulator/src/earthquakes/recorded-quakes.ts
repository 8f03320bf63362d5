import type { Quake } from './quake.ts'

// The package exports only its code; its data is a file in it, which the build inlines. A dynamic import, because our compiler
// drops the import attribute of a static one, without which Node refuses JSON.
// eslint-disable-next-line @nx/enforce-module-boundaries -- see above
const { default: collection } = await import('../../../../node_modules/vega-datasets/data/earthquakes.json', { with: { type: 'json' } })

/** The 1,707 earthquakes of one week, 31 January to 7 February 2018, as the USGS answered them; in the order of their time. */
export const recordedQuakes: readonly Quake[] = (collection.features as unknown as Quake[]).toSorted((a, b) => a.properties.time - b.properties.time)
