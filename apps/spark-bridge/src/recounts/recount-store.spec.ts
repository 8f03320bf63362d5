import { describeRecountStore } from './describe-recount-store.ts'
import { InMemoryRecountStore, InMemoryRequestKeys } from './recounts.fixture.ts'

const stores = { recounts: new InMemoryRecountStore(), keys: new InMemoryRequestKeys() }

describeRecountStore(() => stores)
