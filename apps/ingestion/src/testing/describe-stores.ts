import { randomBytes, randomUUID } from 'node:crypto'
import { firstTopic, noCounts, type KeptPageStore, type PageStore, type Run, type RunStore, type SeenStore, type StreamMove, type StreamStore } from '@millrace/cassandra'
import { describe, expect, it } from '@jest/globals'

export interface Stores {
  readonly streams: StreamStore
  readonly pages: PageStore
  readonly seen: SeenStore
  readonly kept: KeptPageStore
  readonly runs: RunStore
}

/** What ingestion relies on, of the stores in memory and of those in Cassandra alike. */
export function describeStores(stores: () => Stores): void {
  const newStream = () => ({ name: `s-${randomUUID().slice(0, 8)}`, version: 1 })
  const counts = { fetched: 5, fresh: 4, repeated: 1, rejected: 0, published: 3, late: 1 }
  const move = (books: StreamMove['books'] = {}): StreamMove => ({ cursor: '{"page":1}', watermark: -5, highest: 7, publishedOffsets: { 0: '12' }, totals: counts, books, booksTtlSeconds: 3_600, leaseUntil: 99 })
  const held = async () => {
    const stream = newStream()
    await stores().streams.takeLease(stream, { epoch: 0, pending: null, seq: 0 }, { owner: 'a', leaseUntil: 10 })
    return stream
  }

  describe('a stream', () => {
    it('is as nobody has touched it before the first lease', async () => {
      expect(await stores().streams.read(newStream())).toEqual({ epoch: 0, owner: null, leaseUntil: 0, seq: 0, pending: null, cursor: null, watermark: null, highest: null, publishedOffsets: {}, topic: firstTopic, isPaused: false, totals: noCounts })
    })

    it('is taken by one of many who try at once', async () => {
      const stream = newStream()
      const taken = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => stores().streams.takeLease(stream, { epoch: 0, pending: null, seq: 0 }, { owner, leaseUntil: 1 })))
      expect(taken.filter(Boolean).length).toBe(1)
      expect((await stores().streams.read(stream)).epoch).toBe(1)
    })

    it('cannot be taken from a state that is gone', async () => {
      const stream = await held()
      expect(await stores().streams.takeLease(stream, { epoch: 0, pending: null, seq: 0 }, { owner: 'b', leaseUntil: 1 })).toBe(false)
      await stores().streams.setPending(stream, { epoch: 1, seq: 0 })
      expect(await stores().streams.takeLease(stream, { epoch: 1, pending: null, seq: 0 }, { owner: 'b', leaseUntil: 1 })).toBe(false)
      expect(await stores().streams.takeLease(stream, { epoch: 1, pending: 0, seq: 0 }, { owner: 'b', leaseUntil: 1 })).toBe(true)
    })

    it('cannot be taken from a state that its holder has moved on from, even where nothing else shows it', async () => {
      const stream = await held()
      await stores().streams.move(stream, { epoch: 1, seq: 0, hasPage: false }, move())
      expect(await stores().streams.takeLease(stream, { epoch: 1, pending: null, seq: 0 }, { owner: 'b', leaseUntil: 1 })).toBe(false)
      expect(await stores().streams.takeLease(stream, { epoch: 1, pending: null, seq: 1 }, { owner: 'b', leaseUntil: 1 })).toBe(true)
    })

    it('shuts out a holder of an earlier epoch, whatever he tries', async () => {
      const stream = await held()
      await stores().streams.takeLease(stream, { epoch: 1, pending: null, seq: 0 }, { owner: 'b', leaseUntil: 1 })
      const { streams } = stores()
      expect([
        await streams.renewLease(stream, 1, 50), await streams.setPending(stream, { epoch: 1, seq: 0 }),
        await streams.move(stream, { epoch: 1, seq: 0, hasPage: false }, move()), await streams.move(stream, { epoch: 1, seq: 0, hasPage: true }, move()),
      ]).toEqual([false, false, false, false])
      expect(await streams.read(stream)).toMatchObject({ epoch: 2, owner: 'b', seq: 0, pending: null, cursor: null })
    })

    it('moves with everything at once, and the books with it', async () => {
      const stream = await held()
      const { streams } = stores()
      expect(await streams.setPending(stream, { epoch: 1, seq: 0 })).toBe(true)
      expect(await streams.move(stream, { epoch: 1, seq: 0, hasPage: true }, move({ h1: counts, h2: { ...counts, late: 9 } }))).toBe(true)
      expect(await streams.read(stream)).toMatchObject({ seq: 1, pending: null, cursor: '{"page":1}', watermark: -5, highest: 7, publishedOffsets: { 0: '12' }, totals: counts, leaseUntil: 99 })
      expect(await streams.books(stream, ['h1', 'h2', 'h3'])).toEqual(new Map([['h1', counts], ['h2', { ...counts, late: 9 }], ['h3', noCounts]]))
    })

    it('moves with a hundred books', async () => {
      const stream = await held()
      const books = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`h${i}`, counts]))
      expect(await stores().streams.move(stream, { epoch: 1, seq: 0, hasPage: false }, move(books))).toBe(true)
      expect((await stores().streams.books(stream, Object.keys(books))).get('h99')).toEqual(counts)
    })

    it('does not move past a page that is pending, nor as if one were', async () => {
      const stream = await held()
      const { streams } = stores()
      expect(await streams.move(stream, { epoch: 1, seq: 0, hasPage: true }, move())).toBe(false)
      await streams.setPending(stream, { epoch: 1, seq: 0 })
      expect(await streams.move(stream, { epoch: 1, seq: 0, hasPage: false }, move())).toBe(false)
      expect(await streams.setPending(stream, { epoch: 1, seq: 1 })).toBe(false)
    })

    it('keeps what has become of its topic with the offsets that it has now, and the page in hand stays', async () => {
      const stream = await held()
      const { streams } = stores()
      await streams.setPending(stream, { epoch: 1, seq: 0 })
      const topic = { incarnation: 1, isReplaced: false, isEmptied: false, begins: { 0: 480 }, floor: -7, restored: { run: 'r', pages: 1, events: 10, missing: 470 } }
      expect(await streams.setTopic(stream, { epoch: 1, seq: 0 }, { topic, publishedOffsets: { 0: '490' } })).toBe(true)
      expect(await streams.read(stream)).toMatchObject({ seq: 0, pending: 0, topic, publishedOffsets: { 0: '490' }, cursor: null })
      expect(await streams.setTopic(stream, { epoch: 1, seq: 1 }, { topic: firstTopic, publishedOffsets: {} })).toBe(false)
      expect(await streams.setTopic(stream, { epoch: 0, seq: 0 }, { topic: firstTopic, publishedOffsets: {} })).toBe(false)
      expect((await streams.read(stream)).topic).toEqual(topic)
    })

    it('is paused and resumed, before its first lease too', async () => {
      const { streams } = stores()
      for (const stream of [newStream(), await held()]) {
        await streams.setPaused(stream, true)
        expect((await streams.read(stream)).isPaused).toBe(true)
        await streams.setPaused(stream, false)
        expect((await streams.read(stream)).isPaused).toBe(false)
      }
    })

    it('can be taken after it was paused before its first lease', async () => {
      const stream = newStream()
      await stores().streams.setPaused(stream, true)
      expect(await stores().streams.takeLease(stream, { epoch: 0, pending: null, seq: 0 }, { owner: 'a', leaseUntil: 1 })).toBe(true)
      expect(await stores().streams.read(stream)).toMatchObject({ epoch: 1, isPaused: true })
    })
  })

  describe('pages', () => {
    it('are read as they were last written, until they are removed', async () => {
      const { pages } = stores()
      const stream = newStream()
      for (const seq of [1, 2, 3]) await pages.write(stream, { epoch: 1, seq }, Buffer.from('x'))
      await pages.write(stream, { epoch: 1, seq: 2 }, Buffer.from([0, 255]))
      expect(await pages.read(stream, { epoch: 1, seq: 2 })).toEqual(Buffer.from([0, 255]))
      expect(await pages.read(stream, { epoch: 2, seq: 2 })).toBeNull()
      await pages.removeBefore(stream, { epoch: 1, seq: 3 })
      expect([await pages.read(stream, { epoch: 1, seq: 2 }), (await pages.read(stream, { epoch: 1, seq: 3 }))?.toString()]).toEqual([null, 'x'])
    })
  })

  describe('kept pages', () => {
    it('are listed from the oldest on, across the partitions of the table, up to the page in hand', async () => {
      const { kept } = stores()
      const stream = newStream()
      const page = (seq: number) => ({ seq, events: 3, published: seq * 3, highest: seq === 0 ? null : -seq })
      for (const seq of [1_203, 0, 499, 500, 2]) await kept.write(stream, { ...page(seq), content: Buffer.from([seq % 256]) }, 60)
      await kept.write(stream, { ...page(2), content: Buffer.from('x') }, 60)
      expect(await kept.list(stream, 1_203)).toEqual([0, 2, 499, 500].map(page))
      expect(await kept.list(newStream(), 1_203)).toEqual([])
      expect([await kept.read(stream, 2), await kept.read(stream, 1_203), await kept.read(stream, 3)]).toEqual([Buffer.from('x'), Buffer.from([1_203 % 256]), null])
    })
  })

  describe('seen ids', () => {
    it('are kept by bucket, once for each page', async () => {
      const { seen } = stores()
      const stream = newStream()
      const row = (bucket: string) => ({ bucket, ids: randomBytes(32), contents: randomBytes(12) })
      const [a, b, c] = [row('x'), row('y'), row('x')]
      await seen.write(stream, { epoch: 1, seq: 1 }, [a, b], 60)
      await seen.write(stream, { epoch: 1, seq: 2 }, [c], 60)
      await seen.write(stream, { epoch: 1, seq: 2 }, [c], 60)
      expect((await seen.read(stream, 'x')).map(({ ids, contents }) => ({ ids, contents }))).toEqual([{ ids: a.ids, contents: a.contents }, { ids: c.ids, contents: c.contents }])
      expect(await seen.read(stream, 'z')).toEqual([])
    })
  })

  describe('runs', () => {
    const newRun = (stream = newStream()): Run => ({ id: randomUUID(), stream: stream.name, version: stream.version, range: null, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: 1_700_000_000_000 })

    it('are open from their entry to their end', async () => {
      const { runs } = stores()
      const run = newRun()
      const stream = { name: run.stream, version: run.version }
      await runs.create(run)
      expect(await runs.open(stream)).toEqual([run])
      const ended: Run = { ...run, state: 'failed', counts, offsets: { 0: '12' }, error: { code: 'c', message: 'm' } }
      await runs.save(ended)
      expect([await runs.find(run.id), await runs.open(stream)]).toEqual([ended, []])
    })

    it('keep the range of a backfill', async () => {
      const { runs } = stores()
      const run: Run = { ...newRun(), range: { from: -1_000, to: 1_517_443_200_000 } }
      await runs.create(run)
      expect([await runs.find(run.id), await runs.open({ name: run.stream, version: run.version })]).toEqual([run, [run]])
      await runs.save({ ...run, state: 'running' })
      expect((await runs.find(run.id))?.range).toEqual(run.range)
    })

    it('keep what a restore has done', async () => {
      const { runs } = stores()
      const run: Run = { ...newRun(), restore: { pages: 0, events: 0, missing: 0, floor: null } }
      await runs.create(run)
      expect(await runs.find(run.id)).toEqual(run)
      const ended: Run = { ...run, state: 'succeeded', restore: { pages: 3, events: 9, missing: 1, floor: -5 } }
      await runs.save(ended)
      expect(await runs.find(run.id)).toEqual(ended)
    })

    it('that two have entered are one, and none is left open at its end', async () => {
      const { runs } = stores()
      const run = newRun()
      const stream = { name: run.stream, version: run.version }
      await Promise.all([runs.create(run), runs.create({ ...run, createdAt: run.createdAt + 1 })])
      const [open, ...others] = await runs.open(stream)
      expect([open?.id, others]).toEqual([run.id, []])
      await runs.save({ ...run, state: 'succeeded' })
      expect([await runs.open(stream), await runs.open(stream)]).toEqual([[], []])
    })

    it('stay as they are when they are entered again, and are not open again', async () => {
      const { runs } = stores()
      const run = newRun()
      await runs.create(run)
      await runs.save({ ...run, state: 'succeeded' })
      await runs.create(run)
      expect((await runs.find(run.id))?.state).toBe('succeeded')
      expect(await runs.open({ name: run.stream, version: run.version })).toEqual([])
    })

    it('that have ended stay as they have ended, whoever saves them later', async () => {
      const { runs } = stores()
      const run = newRun()
      await runs.create(run)
      await runs.save({ ...run, state: 'succeeded', counts })
      await runs.save({ ...run, state: 'running' })
      expect([(await runs.find(run.id))?.state, (await runs.find(run.id))?.counts]).toEqual(['succeeded', counts])
      expect(await runs.open({ name: run.stream, version: run.version })).toEqual([])
    })

    it('belong to the first who claims their key', async () => {
      const { runs } = stores()
      const [caller, key] = [randomUUID(), 'k']
      const entries = await Promise.all(['a', 'b', 'c'].map((runId) => runs.claim({ caller, key, fingerprint: 'f', runId, createdAt: 1_700_000_000_000 })))
      expect(new Set(entries.map(({ runId }) => runId)).size).toBe(1)
      expect(await runs.findKey(caller, key)).toEqual({ ...entries[0], createdAt: 1_700_000_000_000 })
      expect(await runs.findKey(caller, 'other')).toBeNull()
    })

    it('that nobody has entered are not found', async () => {
      expect(await stores().runs.find('nope')).toBeNull()
    })
  })
}
