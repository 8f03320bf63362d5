import type { Catalogue } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import type { FactoryProvider } from '@nestjs/common'

/** The streams whose queries are kept running. */
export const CATALOGUE = Symbol('catalogue')

export const catalogueProvider: FactoryProvider<Catalogue> = { provide: CATALOGUE, useFactory: () => catalogue }
