import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { MalformedSearch } from './malformed-search.ts'

configureLog({ app: 'spec', write: () => undefined })

const trade = (price: unknown) => JSON.stringify({ id: 't', symbol: 'S', price, size: 1, tradedAt: 1 })
/** A batch of a generation's query that reports malformed records. */
const took = (from: Record<string, number>, to: Record<string, number>, generation = 1): void => { search.took(generation, [{ from, to, isMalformed: true }], to) }
const step = (): Promise<void> => search.step(now += 10_000)
const record = (offset: number, value: string, partition = 0) =>
  ({ offset: BigInt(offset), key: Buffer.from('k'), value: Buffer.from(value), headers: { partition: String(partition), run: 'r1' }, timestamp: 99 })

let twins: Twins
let search: MalformedSearch
let now = 0

beforeEach(() => {
  twins = new Twins()
  search = new MalformedSearch(trades, twins.surroundings)
})

describe('the search for malformed records', () => {
  it('keeps them where they lie, with what is wrong, and nothing else', async () => {
    twins.records = [record(4, '{'), record(5, trade(1)), record(6, '{"id":'), record(7, trade('x')), record(8, '{'), record(5, '[]', 1)]
    twins.searched.set(1, { 0: 5, 1: 5 })
    took({ 0: 5, 1: 5 }, { 0: 8, 1: 6 })
    await step()
    await step()
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
    took({}, { 0: 5_010 })
    await step()
    expect([search.left, twins.dead]).toEqual([10, []])
    twins.isCassandraAway = true
    await expect(step()).rejects.toMatchObject({ code: 'cassandra_unreachable' })
    twins.isCassandraAway = false
    await step()
    expect([search.left, twins.dead.map(({ offset }) => offset)]).toEqual([0, [5_003]])
  })

  it('passes over what retention has taken', async () => {
    twins.begins = { 0: 7n }
    twins.records = [record(7, '{')]
    took({ 0: 0 }, { 0: 8 })
    await step()
    took({ 0: 0 }, { 0: 5 }, 2)
    await step()
    expect([search.left, twins.dead.map(({ offset }) => offset)]).toEqual([0, [7]])
  })

  it('goes on where the bridge before was, though it knew of the batch and had not come to it', async () => {
    twins.records = [record(2, '{'), record(6, '{')]
    took({}, { 0: 4 })
    search.took(1, [{ from: { 0: 4 }, to: { 0: 9 }, isMalformed: true }], { 0: 9 })
    twins.isCassandraAway = true
    await expect(step()).rejects.toMatchObject({ code: 'cassandra_unreachable' })
    twins.isCassandraAway = false
    search = new MalformedSearch(trades, twins.surroundings)
    search.took(1, [{ from: { 0: 9 }, to: { 0: 12 }, isMalformed: false }], { 0: 12 })
    await step()
    expect(twins.dead.map(({ offset }) => offset)).toEqual([2, 6])
    expect(twins.searched.get(1)).toEqual({ 0: 12 })
  })

  it('looks at what no batch has told of, and not at what was told before', async () => {
    twins.records = [record(1, '{'), record(3, '{'), record(5, '{'), record(11, '{')]
    twins.searched.set(1, { 0: 4 })
    search.took(1, [{ from: { 0: 2 }, to: { 0: 4 }, isMalformed: true }, { from: { 0: 8 }, to: { 0: 10 }, isMalformed: false }], { 0: 10 })
    await step()
    expect([twins.dead.map(({ offset }) => offset), search.left]).toEqual([[5], 0])
    // The query of an idle stream has no batch: how far it is says that there was one.
    search.took(1, [], { 0: 12 })
    await step()
    expect(twins.dead.map(({ offset }) => offset)).toEqual([5, 11])
  })

  it('writes down how far it is, but never past what it has not looked at', async () => {
    twins.records = Array.from({ length: 5_010 }, (_, offset) => record(offset, trade(1)))
    search.took(1, [{ from: { 0: 0, 1: 0 }, to: { 0: 5_010, 1: 3 }, isMalformed: true }, { from: { 0: 5_010, 1: 3 }, to: { 0: 6_000, 1: 3 }, isMalformed: false }], { 0: 6_000, 1: 3 })
    await step()
    expect(twins.searched.get(1)).toEqual({ 0: 5_000, 1: 0 })
    await step()
    expect(twins.searched.get(1)).toEqual({ 0: 6_000, 1: 0 })
    await step()
    expect(twins.searched.get(1)).toEqual({ 0: 6_000, 1: 3 })
  })

  it('writes that down now and then, not with every batch', async () => {
    search.took(1, [], { 0: 1 })
    await search.step(now)
    search.took(1, [], { 0: 2 })
    await search.step(now + 9_000)
    expect(twins.searched.get(1)).toEqual({ 0: 1 })
    await search.step(now + 10_000)
    expect(twins.searched.get(1)).toEqual({ 0: 2 })
  })

  it('is of each generation for itself', async () => {
    twins.records = [record(1, '{')]
    twins.searched.set(1, { 0: 3 })
    search.took(1, [{ from: { 0: 3 }, to: { 0: 4 }, isMalformed: false }], { 0: 4 })
    search.took(2, [{ from: {}, to: { 0: 2 }, isMalformed: true }], { 0: 2 })
    await step()
    expect([twins.dead.map(({ offset }) => offset), Object.fromEntries(twins.searched)]).toEqual([[1], { 1: { 0: 4 }, 2: { 0: 2 } }])
  })
})
