import { configureLog } from '@millrace/observability'
import type { LedgerAnswer, StoredWindow } from '@millrace/rest'
import { testService } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from './query-api.module.ts'
import { Twins } from './stores.fixture.ts'

configureLog({ app: 'spec', level: 'error' })

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')
const counts = { fetched: 8, fresh: 6, repeated: 1, rejected: 1, published: 5, late: 1 }

let twins: Twins
let app: NestFastifyApplication

beforeEach(async () => {
  twins = new Twins()
  twins.served['earthquakes.v1'] = [{ generation: 1, floor: null }]
  twins.progress['earthquakes.v1 1'] = { finalUntil: start + 20 * hour, stored: {}, storedAt: 0 }
  twins.states['earthquakes.v1'] = { highestEventTime: start + 22 * hour + 5, watermark: start + 16 * hour, isPaused: false, counts, published: {} }
  for (let at = 0; at < 23; at++) enter(at)
  app = await testService(QueryApiModule, { override: twins.override })
})
afterEach(async () => {
  await app.close()
})

const rowOf = (at: number, events: number, generation: number): StoredWindow => ({ group: ['ci'], start: start + at * hour, end: start + (at + 1) * hour, events, generation, measures: {} })
const add = (view: string, row: StoredWindow): void => { (twins.windows[`earthquakes.v1 ${view}`] ??= []).push(row) }

/** An hour that balances: five published, in two windows of per-hour and one of the ledger. */
function enter(at: number, generation = 1): void {
  if (generation === 1) (twins.books['earthquakes.v1'] ??= []).push({ hour: start + at * hour, ...counts })
  add('per-hour', rowOf(at, 3, generation))
  add('per-hour', { ...rowOf(at, 2, generation), group: ['nc'] })
  add('_ledger', rowOf(at, 5, generation))
}

async function ledger(query = ''): Promise<LedgerAnswer> {
  const answer = await app.inject(`/v1/streams/earthquakes/ledger${query}`)
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
  return answer.json()
}
const hours = ({ data }: LedgerAnswer) => data.map(({ bucket, state }) => [bucket.slice(5, 13), state].join(' '))

describe('the ledger of a stream', () => {
  it('is the last day up to the newest hour: closed hours balance, the others are open', async () => {
    const answer = await ledger()
    expect(answer).toMatchObject({ stream: 'earthquakes', version: 1, generation: 1, finalUntil: '2018-02-01T20:00:00.000Z', summary: { open: 3, balanced: 20, unbalanced: 0, expired: 0 }, page: { next: null } })
    expect(answer.data[0]).toEqual({ bucket: '2018-02-01T00:00:00.000Z', state: 'balanced', ...counts, included: 0, aggregated: 5, views: { 'per-hour': 5 }, differences: [] })
    expect(answer.data[20]?.state).toBe('open')
  })

  it('is empty before the first event', async () => {
    expect((await app.inject('/v1/streams/trades/ledger')).json()).toEqual({ stream: 'trades', version: 1, generation: null, finalUntil: null, summary: { open: 0, balanced: 0, unbalanced: 0, expired: 0 }, data: [], page: { next: null } })
  })

  it('says which equation of which hour does not hold, and by how much', async () => {
    twins.windows['earthquakes.v1 per-hour'] = twins.windows['earthquakes.v1 per-hour']?.filter(({ start: at, events }) => at !== start + hour || events === 3) ?? []
    const { data, summary } = await ledger()
    expect(summary).toMatchObject({ unbalanced: 1, balanced: 19 })
    expect(data[1]).toMatchObject({ state: 'unbalanced', differences: [{ equation: 'aggregated = Σ per-hour', left: 5, right: 3 }] })
  })

  it('counts what was included in an hour by the generation whose rows count there', async () => {
    twins.served['earthquakes.v1'] = [{ generation: 2, floor: null, range: { from: start + hour, to: start + 2 * hour }, included: { [start + hour]: 1 } }, { generation: 1, floor: null }]
    add('_ledger', rowOf(1, 6, 2))
    add('per-hour', rowOf(1, 6, 2))
    const { data, summary, generation, finalUntil } = await ledger()
    expect([summary.balanced, generation, finalUntil]).toEqual([20, 1, '2018-02-01T20:00:00.000Z'])
    expect(data.slice(0, 3).map(({ late, included, aggregated, views }) => [late, included, aggregated, views['per-hour']])).toEqual([[1, 0, 5, 5], [1, 1, 6, 6], [1, 0, 5, 5]])
  })

  it('shows an hour of rows that no book knows', async () => {
    twins.books['earthquakes.v1'] = twins.books['earthquakes.v1']?.filter(({ hour: at }) => at !== start) ?? []
    expect((await ledger()).data[0]).toMatchObject({ fetched: 0, state: 'unbalanced', differences: [{ equation: 'published = aggregated', left: 0, right: 5 }] })
  })

  it('lists records whose event time cannot be read apart, at the end of the last page', async () => {
    twins.unreadable['earthquakes.v1'] = { fetched: 2, fresh: 0, repeated: 0, rejected: 2, published: 0, late: 0 }
    const { data, summary } = await ledger('?from=2018-02-01T00:00:00Z&to=2018-02-01T01:00:00Z')
    expect(data.map(({ bucket, state }) => [bucket, state])).toEqual([['2018-02-01T00:00:00.000Z', 'balanced'], ['none', 'balanced']])
    expect(summary.balanced).toBe(2)
  })

  it('takes hours that begin in the range, a week at once, and goes on with a token', async () => {
    const from = '2018-01-20T00:00:00Z'
    const pages = [await ledger(`?from=${from}`)]
    expect([pages[0]?.data.length, pages[0]?.page.next === null]).toEqual([0, false])
    for (let next = pages[0]?.page.next; next != null; next = pages.at(-1)?.page.next) pages.push(await ledger(`?from=${from}&cursor=${next}`))
    expect(pages).toHaveLength(2)
    expect(pages[1]?.data).toHaveLength(23)
    expect((await app.inject(`/v1/streams/earthquakes/ledger?cursor=${pages[0]?.page.next ?? ''}`)).statusCode).toBe(400)
  })

  it('ends a page before it costs too many rows', async () => {
    for (let at = 0; at < 23; at++) for (let row = 0; row < 4_000; row++) add('per-hour', { ...rowOf(at, 1, 1), group: [`n${row}`] })
    const first = await ledger('?from=2018-02-01T00:00:00Z')
    expect([first.data.length, first.page.next === null]).toEqual([7, false])
    expect(hours(await ledger(`?from=2018-02-01T00:00:00Z&cursor=${first.page.next ?? ''}`))[0]).toBe('02-01T07 unbalanced')
  })

  it('does not judge hours that have outlived the retention', async () => {
    enter(-7 * 24)
    twins.windows['earthquakes.v1 _ledger'] = twins.windows['earthquakes.v1 _ledger']?.filter(({ start: at }) => at >= start) ?? []
    const { data } = await ledger('?from=2018-01-25T00:00:00Z&to=2018-01-26T00:00:00Z')
    expect(data).toMatchObject([{ bucket: '2018-01-25T00:00:00.000Z', state: 'expired', aggregated: null, differences: [] }])
  })

  it.each(['?from=x', '?to=2018-02-01', '?limit=5', '?version=0', '?cursor=made-up'])('refuses %s', async (query) => {
    expect((await app.inject(`/v1/streams/earthquakes/ledger${query}`)).json()).toMatchObject({ status: 400, code: 'request_refused' })
  })

  it('knows no other stream or version', async () => {
    expect((await app.inject('/v1/streams/nothing/ledger')).statusCode).toBe(404)
    expect((await app.inject('/v1/streams/earthquakes/ledger?version=9')).statusCode).toBe(404)
  })
})

describe('across generations', () => {
  beforeEach(() => {
    twins.served['earthquakes.v1'] = [{ generation: 2, floor: start + 10 * hour + 1 }, { generation: 1, floor: null }]
    twins.progress['earthquakes.v1 2'] = { finalUntil: start + 21 * hour, stored: {}, storedAt: 0 }
    for (let at = 10; at < 23; at++) enter(at, 2)
  })

  it('counts the rows that readers get: below the floor those of the generation before', async () => {
    expect(await ledger()).toMatchObject({ generation: 2, summary: { open: 2, balanced: 21, unbalanced: 0 } })
  })

  it('does not ask an older generation for a view that it did not have', async () => {
    twins.windows['earthquakes.v1 per-hour'] = twins.windows['earthquakes.v1 per-hour']?.filter(({ generation }) => generation === 2) ?? []
    const { data, summary } = await ledger()
    expect(summary).toMatchObject({ balanced: 21, unbalanced: 0 })
    expect([data[10]?.views, data[11]?.views]).toEqual([{}, { 'per-hour': 5 }])
  })

  it('asks it all the same when it has lost some of its rows', async () => {
    twins.windows['earthquakes.v1 per-hour'] = twins.windows['earthquakes.v1 per-hour']?.filter(({ generation, start: at }) => generation === 2 || at !== start) ?? []
    expect((await ledger()).data[0]).toMatchObject({ state: 'unbalanced', differences: [{ equation: 'aggregated = Σ per-hour', left: 5, right: 0 }] })
  })
})

describe('rows of a replay', () => {
  const gone = (): void => { for (const view of ['per-hour', '_ledger']) twins.windows[`earthquakes.v1 ${view}`] = twins.windows[`earthquakes.v1 ${view}`]?.filter(({ start: at }) => at !== start) ?? [] }

  it('that are gone were lost, while their generation is younger than the retention', async () => {
    gone()
    expect((await ledger()).data[0]?.state).toBe('unbalanced')
  })

  it('that are gone may have reached the end of their life, when it is older', async () => {
    gone()
    twins.madeAt['earthquakes.v1 1'] = Date.now() - 7 * 86_400_000
    expect(hours(await ledger()).slice(0, 2)).toEqual(['02-01T00 expired', '02-01T01 balanced'])
  })

  it('that are about to go are not judged', async () => {
    twins.madeAt['earthquakes.v1 1'] = Date.now() - 7 * 86_400_000
    twins.ttlMs = hour
    expect((await ledger()).data[0]?.state).toBe('expired')
  })
})
