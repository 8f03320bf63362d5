import { describe, expect, it } from '@jest/globals'
import { noCounts } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import { FakeClock } from '@millrace/testing'
import { sightings } from '../testing/sightings.ts'
import { InMemoryPageStore, InMemoryStreamStore } from '../testing/in-memory-stores.ts'
import { StreamHold } from './stream-hold.ts'

configureLog({ app: 'spec', level: 'error' })

const stream = sightings()

function start() {
  const [clock, streams, pages] = [new FakeClock(), new InMemoryStreamStore(), new InMemoryPageStore()]
  const hold = (instance: string, ownClock = clock) => new StreamHold({ stream, streams, pages, instance, leaseMs: 10_000, clock: ownClock })
  return { clock, streams, pages, hold }
}

const held = { code: 'lease_held', retry: 'later' }

describe('a lease', () => {
  it('is taken where nobody has it, and not where somebody does', async () => {
    const { hold } = start()
    expect((await hold('a').take()).epoch).toBe(1)
    await expect(hold('b').take()).rejects.toMatchObject(held)
  })

  it('is lost by a holder who falls silent for as long as the lease lasts', async () => {
    const { clock, hold } = start()
    await hold('a').take()
    const other = hold('b')
    await expect(other.take()).rejects.toMatchObject(held)
    await clock.advance(9_999)
    await expect(other.take()).rejects.toMatchObject(held)
    await clock.advance(1)
    expect((await other.take()).epoch).toBe(2)
  })

  it('is kept by a holder who renews it, however far the clocks of the two are apart', async () => {
    const { clock, hold } = start()
    const one = hold('a')
    await one.take()
    const ahead = new FakeClock(clock.now() + 86_400_000)
    const other = hold('b', ahead)
    for (let i = 0; i < 10; i += 1) {
      await expect(other.take()).rejects.toMatchObject(held)
      await Promise.all([clock.advance(4_000), ahead.advance(4_000)])
      await one.renew()
    }
  })

  it('is taken at once from the last process of the same instance, and by one process only', async () => {
    const { streams, hold } = start()
    await hold('a').take()
    const [one, two] = await Promise.allSettled([hold('a').take(), hold('a').take()])
    expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(streams.rows.get('sightings.v1')?.epoch).toBe(2)
  })

  it('has a new epoch after a failure: what was sent before it, and comes late, changes nothing', async () => {
    const { streams, hold } = start()
    const one = hold('a')
    const { epoch, seq } = await one.take()
    one.forget()
    await one.take()
    const late = { cursor: '{}', watermark: null, highest: null, publishedOffsets: {}, totals: { ...noCounts, fetched: 2, repeated: 2 }, books: {}, booksTtlSeconds: 1, leaseUntil: 1 }
    expect(await streams.move(stream, { epoch, seq, hasPage: false }, late)).toBe(false)
    expect(await streams.setPending(stream, { epoch, seq })).toBe(false)
    expect(await streams.read(stream)).toMatchObject({ epoch: epoch + 1, seq, pending: null, totals: noCounts })
  })

  it('is taken at once when it was let go', async () => {
    const { hold } = start()
    const one = hold('a')
    await one.take()
    await one.release()
    expect((await hold('b').take()).epoch).toBe(2)
  })

  it('carries the page in hand over to the next epoch, again and again', async () => {
    const { streams, pages, hold } = start()
    await hold('a').take()
    await pages.write(stream, { epoch: 1, seq: 0 }, Buffer.from('page'))
    await streams.setPending(stream, { epoch: 1, seq: 0 })
    for (const epoch of [2, 3]) {
      expect(await hold('a').take()).toMatchObject({ epoch, pending: 0 })
      expect((await pages.read(stream, { epoch, seq: 0 }))?.toString()).toBe('page')
    }
  })

  it('is not taken where the page in hand is missing, which somebody must look at', async () => {
    const { streams, hold } = start()
    await hold('a').take()
    await streams.setPending(stream, { epoch: 1, seq: 0 })
    await expect(hold('a').take()).rejects.toMatchObject({ code: 'page_missing', retry: 'never' })
    expect(streams.rows.get('sightings.v1')?.epoch).toBe(1)
  })

  it('is kept while something takes long', async () => {
    const { clock, streams, hold } = start()
    const one = hold('a')
    await one.take()
    const done = Promise.withResolvers<string>()
    const work = one.during(() => done.promise)
    await clock.advance(30_000)
    expect(streams.rows.get('sightings.v1')?.leaseUntil).toBeGreaterThan(clock.now())
    done.resolve('done')
    expect(await work).toBe('done')
    expect(clock.sleepers).toBe(0)
  })

  it('tells work that takes long when it is lost all the same', async () => {
    const { clock, streams, hold } = start()
    const one = hold('a')
    await one.take()
    const work = one.during((signal) => new Promise((_, reject) => { signal.addEventListener('abort', () => { reject(signal.reason as Error) }) }))
    await streams.takeLease(stream, { epoch: 1, pending: null, seq: 0 }, { owner: 'b', leaseUntil: 1 })
    const failed = expect(work).rejects.toMatchObject({ code: 'lease_lost' })
    await clock.advance(4_000)
    await failed
    expect(one.isHeld).toBe(false)
  })
})
