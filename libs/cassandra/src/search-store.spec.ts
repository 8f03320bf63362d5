import { beforeEach, describe, expect, it } from '@jest/globals'
import { controlTables } from './control-tables.ts'
import { InMemoryCassandra } from './in-memory/in-memory-cassandra.ts'
import { inMemorySession } from './in-memory/in-memory-session.ts'
import { SearchStore } from './search-store.ts'

const stream = { name: 'owls', version: 1 }
let searches: SearchStore

beforeEach(() => { searches = new SearchStore(inMemorySession(new InMemoryCassandra(controlTables, () => 1), { now: () => 1 })) })

describe('how far a generation is searched', () => {
  it('is nowhere at first, and each generation for itself', async () => {
    await searches.write(stream, 1, { 0: 5, 1: 2 })
    expect(await searches.read(stream, 1)).toEqual({ 0: 5, 1: 2 })
    expect(await searches.read(stream, 2)).toEqual({})
  })

  it('never goes back, whoever writes last', async () => {
    await searches.write(stream, 1, { 0: 5, 1: 2 })
    await searches.write(stream, 1, { 0: 4, 1: 2 })
    expect(await searches.read(stream, 1)).toEqual({ 0: 5, 1: 2 })
  })
})
