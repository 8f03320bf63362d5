import { describe, expect, it } from '@jest/globals'
import { CassandraError } from '../cassandra.errors.ts'
import type { CassandraSession, Decision } from '../cassandra-session.ts'
import type { Row } from '../row.ts'
import { CassandraStreamStore } from './cassandra-stream-store.ts'
import { noCounts } from './stream-store.ts'

const stream = { name: 's', version: 1 }
const unknown = () => new CassandraError('cassandra_outcome_unknown', 'no answer')
const applied: Decision = { applied: true, current: [] }
const refused: Decision = { applied: false, current: [] }

/** A session that answers transactions and reads in turn, and refuses to be asked more. */
function session(decisions: (Decision | Error)[], rows: Row[]): { store: CassandraStreamStore; left: () => number[] } {
  const next = <T>(from: (T | Error)[], what: string): Promise<T> => {
    const answer = from.shift()
    if (answer === undefined) throw new Error(`an unexpected ${what}`)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  const twin = {
    decide: () => next(decisions, 'transaction'),
    execute: async (_: string, __: unknown, options: { isSerial?: boolean }) => {
      if (options.isSerial !== true) throw new Error('an outcome is read with serial consistency')
      return [await next(rows, 'read')]
    },
  }
  return { store: new CassandraStreamStore(twin as unknown as CassandraSession), left: () => [decisions.length, rows.length] }
}

const row = (state: Partial<Row>): Row => ({ epoch: 3, seq: 7, pending: null, ...state })
const move = { cursor: '{}', watermark: null, highest: null, publishedOffsets: {}, totals: noCounts, books: {}, booksTtlSeconds: 1, leaseUntil: 1 }

describe('a lightweight transaction whose answer is lost', () => {
  it('counts as done when a serial read shows its effect', async () => {
    const { store, left } = session([unknown()], [row({ pending: 7 })])
    expect(await store.setPending(stream, { epoch: 3, seq: 7 })).toBe(true)
    expect(left()).toEqual([0, 0])
  })

  it('is done again when a serial read shows that it was not applied', async () => {
    const { store, left } = session([unknown(), applied], [row({})])
    expect(await store.setPending(stream, { epoch: 3, seq: 7 })).toBe(true)
    expect(left()).toEqual([0, 0])
  })

  it('counts as done when it turns out to have been applied by the time it is done again', async () => {
    const { store } = session([unknown(), refused], [row({}), row({ pending: 7 })])
    expect(await store.setPending(stream, { epoch: 3, seq: 7 })).toBe(true)
  })

  it('is given up when somebody else holds the stream', async () => {
    const { store } = session([unknown()], [row({ epoch: 4 })])
    expect(await store.setPending(stream, { epoch: 3, seq: 7 })).toBe(false)
  })

  it('is never done again unread: while Cassandra cannot be asked, nobody knows', async () => {
    const away = new CassandraError('cassandra_unreachable', 'away')
    const { store } = session([unknown()], [away as unknown as Row])
    await expect(store.setPending(stream, { epoch: 3, seq: 7 })).rejects.toBe(away)
  })

  it('is settled the same way when a page is moved', async () => {
    const done = session([unknown()], [row({ seq: 8 })])
    expect(await done.store.move(stream, { epoch: 3, seq: 7, hasPage: true }, move)).toBe(true)
    const again = session([unknown(), applied], [row({ pending: 7 })])
    expect(await again.store.move(stream, { epoch: 3, seq: 7, hasPage: true }, move)).toBe(true)
    const lost = session([refused], [row({ epoch: 4, pending: 7 })])
    expect(await lost.store.move(stream, { epoch: 3, seq: 7, hasPage: true }, move)).toBe(false)
  })

  it('is settled the same way when the lease is taken', async () => {
    const from = { epoch: 3, pending: null, seq: 7 }
    const lease = { owner: 'a', leaseUntil: 1 }
    expect(await session([unknown()], [row({ epoch: 4, owner: 'a' })]).store.takeLease(stream, from, lease)).toBe(true)
    expect(await session([unknown()], [row({ epoch: 4, owner: 'b' })]).store.takeLease(stream, from, lease)).toBe(false)
  })
})
