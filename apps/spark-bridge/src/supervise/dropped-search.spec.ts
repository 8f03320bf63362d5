import { beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { trades } from '@millrace/streams'
import { Twins } from '../twins.fixture.ts'
import { DroppedSearch } from './dropped-search.ts'

configureLog({ app: 'spec', write: () => undefined })

const minute = 60_000
const hour = 60 * minute
const noon = Date.parse('2024-01-01T12:00:00Z')
const record = (offset: number, tradedAt: number, partition = 0) =>
  ({ offset: BigInt(offset), key: Buffer.from('k'), value: Buffer.from(JSON.stringify({ id: `t${offset}`, tradedAt })), headers: { partition: String(partition) }, timestamp: 99 })

let twins: Twins
let search: DroppedSearch
const finalUntil = (at: number | undefined) => () => Promise.resolve(at)
const entered = async () => (await twins.recounts.open()).map(({ id, stream, state, generation, from, to }) => ({ id, stream, state, generation, from, to }))

beforeEach(() => {
  twins = new Twins()
  search = new DroppedSearch(trades, twins.surroundings.topics, twins.surroundings.recounts)
})

describe('the search for what Spark has dropped', () => {
  const batch = { generation: 2, from: { 0: 5, 1: 5 }, to: { 0: 7, 1: 6 } }

  it('has every window recounted that an event of the batch can be in, and only of the batch', async () => {
    twins.records = [record(4, noon - hour), record(5, noon), record(6, noon - 5 * minute), record(7, noon + hour), record(5, noon + minute, 1)]
    search.add(batch)
    for (let step = 0; step < 3; step += 1) await search.step(finalUntil(noon + hour))
    expect(await entered()).toEqual([expect.objectContaining({ stream: 'trades', state: 'queued', generation: 2, from: noon - 5 * minute - hour, to: noon + minute + 10_000 })])
    expect(search.left).toBe(0)
  })

  it('waits until the windows of the newest event are final', async () => {
    twins.records = [record(5, noon)]
    search.add({ generation: 1, from: { 0: 5 }, to: { 0: 6 } })
    await search.step(finalUntil(undefined))
    await search.step(finalUntil(undefined))
    await search.step(finalUntil(noon + 9_999))
    expect(await entered()).toEqual([])
    await search.step(finalUntil(noon + 10_000))
    expect(await entered()).toHaveLength(1)
  })

  it('enters one recount for a batch, whichever bridge sees it', async () => {
    twins.records = [record(5, noon)]
    for (const bridge of [search, new DroppedSearch(trades, twins.surroundings.topics, twins.surroundings.recounts)]) {
      bridge.add({ generation: 1, from: { 0: 5 }, to: { 0: 6 } })
      await bridge.step(finalUntil(noon + hour))
      await bridge.step(finalUntil(noon + hour))
    }
    expect(await entered()).toHaveLength(1)
  })

  it('forgets a batch whose records retention has taken, and goes on with the next', async () => {
    twins.begins = { 0: 6n }
    twins.records = [record(6, noon)]
    search.add({ generation: 1, from: { 0: 0 }, to: { 0: 5 } })
    search.add({ generation: 1, from: { 0: 5 }, to: { 0: 7 } })
    for (let step = 0; step < 4; step += 1) await search.step(finalUntil(noon + hour))
    expect(await entered()).toHaveLength(1)
    expect(search.left).toBe(0)
  })
})
