import { CassandraError } from '@millrace/cassandra'
import type { Batch } from '@millrace/kafka'
import { configureLog } from '@millrace/observability'
import { FakeClock } from '@millrace/testing'
import { describe, expect, it } from '@jest/globals'
import { untilStored } from './until-stored.ts'

configureLog({ app: 'spec', level: 'error' })

const away = new CassandraError('cassandra_unreachable', 'away')
const gone = new Error('the partition is gone')
const random = () => 0.999

function batchOf(heartbeat: () => Promise<void>): Batch {
  return { topic: 't', partition: 0, records: [], highWatermark: 0n, heartbeat }
}

describe('storing a batch', () => {
  it('tries again while Cassandra is away, with a heartbeat each second, for as long as it takes', async () => {
    const clock = new FakeClock()
    let beats = 0
    let tries = 0
    let isAway = true
    const stored = untilStored(batchOf(() => { beats += 1; return Promise.resolve() }), () => { tries += 1; return isAway ? Promise.reject(away) : Promise.resolve() }, { clock, random })
    await clock.advance(60_000)
    expect(tries).toBeGreaterThan(25)
    expect(beats).toBeGreaterThan(20)
    isAway = false
    await clock.advance(2_000)
    await stored
    expect(clock.sleepers).toBe(0)
  })

  it('keeps the partition while one write takes long', async () => {
    const clock = new FakeClock()
    let beats = 0
    const write = Promise.withResolvers<undefined>()
    const stored = untilStored(batchOf(() => { beats += 1; return Promise.resolve() }), () => write.promise, { clock })
    await clock.advance(5_500)
    expect(beats).toBe(5)
    write.resolve(undefined)
    await stored
  })

  it('gives the batch up when the partition is gone, but not before the write in hand has ended', async () => {
    const clock = new FakeClock()
    const write = Promise.withResolvers<undefined>()
    let isOver = false
    const stored = untilStored(batchOf(() => Promise.reject(gone)), () => write.promise, { clock }).finally(() => { isOver = true })
    const outcome = expect(stored).rejects.toBe(gone)
    await clock.advance(3_000)
    expect(isOver).toBe(false)
    write.resolve(undefined)
    await outcome
  })

  it('gives up at once on what trying again cannot mend', async () => {
    let tries = 0
    const mistake = new CassandraError('cassandra_request_refused', 'a mistake')
    await expect(untilStored(batchOf(() => Promise.resolve()), () => { tries += 1; return Promise.reject(mistake) }, { clock: new FakeClock() })).rejects.toBe(mistake)
    expect(tries).toBe(1)
  })
})
