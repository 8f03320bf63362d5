import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { noFigures, type Recount, type RecountStore } from '@millrace/cassandra'
import type { RequestKeys } from '@millrace/service'

export interface RecountStores {
  readonly recounts: RecountStore
  readonly keys: RequestKeys
}

/** What recounts rely on, of the stores in memory and of those in Cassandra alike. */
export function describeRecountStore(stores: () => RecountStores): void {
  const start = Date.now() - 7_200_000
  let entered = 0
  const newRecount = (): Recount => ({
    id: randomUUID(), stream: 'trades', version: 1, generation: 2, state: 'queued', verdict: null, from: -5, to: 1_700_000_000_000, offsets: {},
    figures: noFigures, differences: [], error: null, attempts: 0, createdAt: start + (entered += 1), endedAt: null,
  })
  const ended = (recount: Recount): Recount => ({
    ...recount, state: 'succeeded', verdict: 'different', attempts: 2, from: 7, offsets: { 0: 12, 1: 0 }, endedAt: start,
    figures: { windows: 1, compared: 2, equal: 0, different: 1, missing: 0, extra: 1 },
    differences: [{ view: 'v', group: { symbol: 'A"B' }, windowStart: 'x', windowEnd: 'y', kind: 'different', table: 'both', stored: { events: 1 }, recounted: { events: 2, high: null } }],
  })
  const openIds = async () => (await stores().recounts.open()).map(({ id }) => id)

  describe('recounts', () => {
    it('are open from their entry to their end, in the order of their entry', async () => {
      const { recounts } = stores()
      const [first, second] = [newRecount(), newRecount()]
      await recounts.create(second)
      await recounts.create(first)
      expect((await recounts.open()).filter(({ id }) => id === first.id || id === second.id)).toEqual([first, second])
      await recounts.save({ ...first, state: 'running', attempts: 1 })
      expect(await openIds()).toContain(first.id)
      await recounts.save(ended(first))
      expect([await recounts.find(first.id), (await openIds()).includes(first.id)]).toEqual([ended(first), false])
      await recounts.save({ ...second, state: 'failed', error: { code: 'c', message: 'm' }, endedAt: start })
      expect(await recounts.find(second.id)).toMatchObject({ state: 'failed', error: { code: 'c', message: 'm' }, verdict: null })
      expect(await recounts.sweep(Date.now(), { dryRun: true })).toBe(0)
    })

    it('stay as they are when they are entered again, and are not open again', async () => {
      const { recounts } = stores()
      const recount = newRecount()
      await recounts.create(recount)
      await recounts.save(ended(recount))
      await recounts.create({ ...recount, to: 1 })
      expect(await recounts.find(recount.id)).toEqual(ended(recount))
      expect(await openIds()).not.toContain(recount.id)
    })

    it('that nobody has entered are not found', async () => {
      expect(await stores().recounts.find(randomUUID())).toBeNull()
    })

    it('leave no entry in their queue for ever', async () => {
      const { recounts } = stores()
      const [done, open] = [newRecount(), newRecount()]
      await recounts.sweep(Date.now())
      for (const recount of [done, open]) await recounts.create(recount)
      await recounts.save(ended(done))
      await recounts.create(done)
      expect([await recounts.sweep(start), await recounts.sweep(Date.now(), { dryRun: true }), await recounts.sweep(Date.now()), await recounts.sweep(Date.now())]).toEqual([0, 1, 1, 0])
      expect(await openIds()).toContain(open.id)
      await recounts.save(ended(open))
    })
  })

  describe('idempotency keys', () => {
    it('belong to the first who claims them', async () => {
      const { keys } = stores()
      const [caller, key] = [randomUUID(), 'k']
      const entries = await Promise.all(['a', 'b', 'c'].map((id) => keys.claim({ caller, key, fingerprint: 'f', id, createdAt: start })))
      expect(new Set(entries.map(({ id }) => id)).size).toBe(1)
      expect(await keys.find(caller, key)).toEqual(entries[0])
      expect([await keys.find(caller, 'other'), await keys.find(randomUUID(), key)]).toEqual([null, null])
    })
  })
}
