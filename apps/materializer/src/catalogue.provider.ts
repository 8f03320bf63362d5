import type { Catalogue } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import type { FactoryProvider } from '@nestjs/common'

/** The streams whose windows and letters are stored. */
export const CATALOGUE = Symbol('catalogue')

export const catalogueProvider: FactoryProvider<Catalogue> = { provide: CATALOGUE, useFactory: () => catalogue }
