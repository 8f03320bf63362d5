import { defineCatalogue } from '@millrace/stream-kit'
import { earthquakes } from './earthquakes.stream.ts'
import { trades } from './trades.stream.ts'

/** Every stream of this deployment. To add one: a file beside the others, and its name here. */
export const catalogue = defineCatalogue([earthquakes, trades])

export { earthquakes, trades }
