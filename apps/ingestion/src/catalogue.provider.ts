import type { Catalogue } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import type { FactoryProvider } from '@nestjs/common'

/** The streams that are ingested. */
export const CATALOGUE = Symbol('catalogue')

export const catalogueProvider: FactoryProvider<Catalogue> = { provide: CATALOGUE, useFactory: () => catalogue }
