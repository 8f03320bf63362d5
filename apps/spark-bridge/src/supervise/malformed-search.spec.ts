import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { MalformedSearch } from './malformed-search.ts'

configureLog({ app: 'spec', write: () => undefined })

const trade = (price: unknown) => JSON.stringify({ id: 't', symbol: 'S', price, size: 1, tradedAt: 1 })
const record = (offset: number, value: string, partition = 0) =>
  ({ offset: BigInt(offset), key: Buffer.from('k'), value: Buffer.from(value), headers: { partition: String(partition), run: 'r1' }, timestamp: 99 })

let twins: Twins
let search: MalformedSearch

beforeEach(() => {
  twins = new Twins()
  search = new MalformedSearch(trades, twins.surroundings.topics, twins.surroundings.letters)
})

describe('the search for malformed records', () => {
  it('keeps them where they lie, with what is wrong, and nothing else', async () => {
    twins.records = [record(4, '{'), record(5, trade(1)), record(6, '{"id":'), record(7, trade('x')), record(8, '{'), record(5, '[]', 1)]
    search.add({ from: { 0: 5, 1: 5 }, to: { 0: 8, 1: 6 } })
    await search.step()
    await search.step()
    const origin = '{"topic":"trades.v1","partition":0,"offset":"6"}'
    expect(twins.dead).toEqual([
      { topic: 'trades.v1', partition: 0, offset: 6, key: 'k', reason: 'malformed', detail: 'it is no JSON', origin, eventTime: null, run: 'r1', value: Buffer.from('{"id":'), receivedAt: 99 },
      expect.objectContaining({ partition: 0, offset: 7, detail: 'price is no real' }),
      expect.objectContaining({ partition: 1, offset: 5, detail: 'it is no JSON object' }),
    ])
    expect(search.left).toBe(0)
  })

  it('looks at a large batch chunk by chunk, and at the same chunk again when it could not be kept', async () => {
    twins.records = Array.from({ length: 5_010 }, (_, offset) => record(offset, offset === 5_003 ? '{' : trade(1)))
    search.add({ from: {}, to: { 0: 5_010 } })
    await search.step()
    expect([search.left, twins.dead]).toEqual([10, []])
    twins.isCassandraAway = true
    await expect(search.step()).rejects.toMatchObject({ code: 'cassandra_unreachable' })
    twins.isCassandraAway = false
    await search.step()
    expect([search.left, twins.dead.map(({ offset }) => offset)]).toEqual([0, [5_003]])
  })

  it('passes over what retention has taken', async () => {
    twins.begins = { 0: 7n }
    twins.records = [record(7, '{')]
    search.add({ from: { 0: 0 }, to: { 0: 8 } })
    await search.step()
    search.add({ from: { 0: 0 }, to: { 0: 5 } })
    await search.step()
    expect([search.left, twins.dead.map(({ offset }) => offset)]).toEqual([0, [7]])
  })
})
