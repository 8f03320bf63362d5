import { describe, expect, it } from '@jest/globals'
import type { CassandraSession } from '../cassandra-session.ts'
import { included, InclusionStore } from './inclusion-store.ts'

const generations = [{ generation: 2 }, { generation: 3, promotedAt: 1 }, { generation: 5, promotedAt: 2 }]
const chosen = [{ eventId: 'a', generation: 2 }, { eventId: 'a', generation: 5 }, { eventId: 'a', generation: 3 }, { eventId: 'b', generation: 2 }]

describe('a late event that was chosen', () => {
  it('is included by the first generation that was promoted with it, and not by one that was given up', () => {
    expect([...included(chosen, generations)]).toEqual([['a', { eventId: 'a', generation: 3 }]])
  })

  it('is looked up among those of its days', async () => {
    const asked: unknown[] = []
    async function* scan(_: string, params: readonly unknown[]) {
      await Promise.resolve()
      asked.push(params.slice(2))
      if (params[2] === '1970-01-01') yield* chosen.map(({ eventId, generation }) => ({ event_time: 5, event_id: eventId, generation }))
    }
    const store = new InclusionStore({ scan } as unknown as CassandraSession)
    const events = [{ eventId: 'a', eventTime: 5 }, { eventId: 'c', eventTime: 86_400_000 }]
    expect([...(await store.generationsOf({ name: 's', version: 1 }, events, generations))]).toEqual([['a', 3]])
    expect(asked).toEqual([['1970-01-01', 5, 86_400_001], ['1970-01-02', 5, 86_400_001]])
    expect([...(await store.generationsOf({ name: 's', version: 1 }, events, [{ generation: 2 }])), asked.length]).toEqual([2])
  })
})
