import { describeStores } from './describe-stores.ts'
import { InMemoryKeptPages } from './in-memory-kept-pages.ts'
import { InMemoryPageStore, InMemoryRunStore, InMemorySeenStore, InMemoryStreamStore } from './in-memory-stores.ts'

const stores = { streams: new InMemoryStreamStore(), pages: new InMemoryPageStore(), seen: new InMemorySeenStore(), runs: new InMemoryRunStore(), kept: new InMemoryKeptPages() }

describeStores(() => stores)
