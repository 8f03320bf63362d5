import { describe, expect, it } from '@jest/globals'
import { avg, count, defineCatalogue, defineStream, first, httpSource, instant, int, max, min, oneOf, present, ratio, real, sliding, sum, text, times, tumbling, type HttpSource, type StreamDeclaration } from './index.ts'

const source = httpSource({
  url: 'http://127.0.0.1:1/records',
  start: { updated: '2018-01-01T00:00:00Z' },
  overlap: '10 minutes',
  pageSize: 10,
  timeout: '1 second',
  request: ({ cursor }) => ({ query: { after: cursor.updated } }),
  items: (body: { rows: unknown[] }) => body.rows,
  advance: (cursor) => cursor,
  toEvent: () => ({ id: 'a', place: 'x', size: 1, weight: 2, at: 0 }),
})

const spec = {
  name: 'parcels', version: 1, summary: 'A parcel.',
  event: { id: text(), place: text(), size: int(), weight: real().optional(), at: instant() },
  id: ['id'], key: 'place', eventTime: 'at', lateness: '1 hour', retention: '1 day', partitions: 2,
  source,
  views: { 'per-hour': { summary: 'Parcels an hour.', window: tumbling('1 hour'), by: ['place'], measures: { load: sum('size') } } },
} as const

/** Declares what the compiler would refuse, as plain JavaScript could. */
const declare = (change: object): StreamDeclaration => defineStream({ ...spec, ...change })
const view = (change: object): StreamDeclaration => declare({ views: { 'per-hour': { ...spec.views['per-hour'], ...change } } })

describe('defineStream', () => {
  it('completes a declaration with spans in milliseconds, slack and the hidden ledger view', () => {
    const stream = declare({})
    expect(stream).toMatchObject({ latenessMs: 3_600_000, slackMs: 360_000, clockToleranceMs: 300_000, retentionMs: 86_400_000, pollMs: null, check: null, trustSourceClock: false })
    expect(stream.views.map(({ name, isHidden }) => [name, isHidden])).toEqual([['per-hour', false], ['_ledger', true]])
    expect(stream.views[1]).toMatchObject({ by: [], measures: [], where: null, window: { kind: 'tumbling', sizeMs: 3_600_000, slideMs: 3_600_000 } })
  })

  it('keeps the slack at a minute where a tenth of the lateness is less', () => {
    expect(declare({ lateness: '10 seconds' }).slackMs).toBe(60_000)
  })

  it('makes fields plain data that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(declare({}).event))).toEqual(declare({}).event)
  })

  it('takes a source with a range', () => {
    const range: HttpSource['range'] = ({ from, to, page, pageSize }) => ({ query: { from, to, skip: page * pageSize } })
    expect(declare({ source: { ...source, range } }).source.range).toBe(range)
    expect(declare({}).source.range).toBeUndefined()
  })

  it('knows the type of every measure', () => {
    const measures = { n: count(), load: sum('size'), heavy: max('weight'), from: min('at'), mean: avg('size'), worth: sum(times('size', 'weight')), share: ratio(sum('size'), count()), opened: first('place') }
    expect(Object.fromEntries(view({ measures }).views[0]?.measures.map(({ name, type }) => [name, `${type.kind}${type.isOptional ? '?' : ''}`]) ?? [])).toEqual({
      n: 'int', load: 'int', heavy: 'real?', from: 'instant', mean: 'real', worth: 'real?', share: 'real?', opened: 'text',
    })
  })

  it.each<[string, () => unknown, RegExp]>([
    ['a name that is not in kebab-case', () => declare({ name: 'Parcels' }), /stream 'Parcels': .*kebab-case.*'card-payments'/],
    ['a reserved name', () => declare({ name: 'runs' }), /reserved.*Choose another than streams, runs/],
    ['a version of zero', () => declare({ version: 0 }), /version is 0/],
    ['too many partitions', () => declare({ partitions: 1000 }), /1000 partitions.*1 to 100/],
    ['a span that is none', () => declare({ lateness: 'soon' }), /lateness: 'soon' is not a span.*'30 seconds'/],
    ['a retention shorter than the lateness', () => declare({ lateness: '2 days' }), /retention is shorter/],
    ['no view', () => declare({ views: {} }), /no view/],
    ['an empty id', () => declare({ id: [] }), /id names no field/],
    ['an optional key', () => declare({ key: 'weight' }), /key uses the optional field 'weight'/],
    ['a real id', () => declare({ event: { ...spec.event, weight: real() }, id: ['weight'] }), /id uses the real number 'weight'/],
    ['an event time that is a number', () => declare({ eventTime: 'size' }), /'size' is not an instant/],
    ['an unknown key', () => declare({ key: 'planet' }), /no field 'planet'\. The event has id, place, size, weight, at/],
    ['a field named like a column of ours', () => declare({ event: { ...spec.event, windowStart: instant() } }), /'windowStart' is reserved/],
    ['fields that differ only in case', () => declare({ event: { ...spec.event, atT: int(), att: int() } }), /'att' and 'atT' are one name/],
    ['a field in snake_case', () => declare({ event: { ...spec.event, my_field: int() } }), /'my_field' is not in camelCase/],
    ['a cron expression of four fields', () => declare({ check: '* * * *' }), /not a cron expression/],
    ['a view name in camelCase', () => declare({ views: { perHour: spec.views['per-hour'] } }), /view 'perHour': .*kebab-case/],
    ['a view whose table name is too long', () => declare({ views: { ['a'.repeat(40)]: spec.views['per-hour'] } }), /characters\. Shorten .*48/],
    ['a slide that does not divide the size', () => view({ window: sliding('1 hour', { every: '7 minutes' }) }), /1 hour cannot slide by 7 minutes/],
    ['more windows an event than can be afforded', () => view({ window: sliding('1 day', { every: '1 second' }) }), /would count in 86400 windows/],
    ['a window longer than the retention', () => view({ window: tumbling('2 days') }), /longer than the retention/],
    ['a measure named like a group', () => view({ measures: { place: max('size') } }), /share a name/],
    ['a measure named events', () => view({ measures: { events: count() } }), /'events' is reserved/],
    ['a sum of a text', () => view({ measures: { load: sum('place' as never) } }), /sum of the text 'place' has no meaning\. Use an int or a real/],
    ['arithmetic on an instant', () => view({ measures: { load: ratio(max('at') as never, count()) } }), /calculates with the max of the instant 'at'/],
    ['a condition with a value of another type', () => view({ where: oneOf('size', ['1']) }), /oneOf\('size'\) compares a int with "1"\. Use a number/],
    ['a condition on an unknown field', () => view({ where: present('planet') }), /where: There is no field 'planet'/],
    ['a source that is no address', () => declare({ source: { ...source, url: 'records' } }), /'records' is not an HTTP address/],
    ['a range that is no function', () => declare({ source: { ...source, range: 'all' } }), /range is a string\. Write a function/],
    ['a range that answers no query', () => declare({ source: { ...source, range: () => ({}) } }), /range answers no query/],
    ['a range that does not page', () => declare({ source: { ...source, range: ({ from, to }: { from: string; to: string }) => ({ query: { from, to } }) } }), /asks the same whatever `page` is/],
    ['a range without an end', () => declare({ source: { ...source, range: ({ from, page }: { from: string; page: number }) => ({ query: { from, page } }) } }), /asks the same whatever `to` is/],
    ['an overlap of another kind than the cursor', () => declare({ source: { ...source, overlap: 5 } satisfies HttpSource }), /overlap 5 is a number, but the cursor's 'updated' is an instant/],
  ])('refuses %s', (_, wrong, message) => {
    expect(wrong).toThrow(message)
  })
})

describe('defineCatalogue', () => {
  it('finds the newest version of a stream unless asked for another', () => {
    const catalogue = defineCatalogue([declare({}), declare({ version: 2 })])
    expect([catalogue.find('parcels')?.version, catalogue.find('parcels', 1)?.version, catalogue.find('letters')]).toEqual([2, 1, undefined])
  })

  it('refuses streams that would share a table', () => {
    const a = declare({ name: 'a', views: { 'b-c': spec.views['per-hour'] } })
    const ab = declare({ name: 'a-b', views: { c: spec.views['per-hour'] } })
    expect(() => defineCatalogue([a, ab])).toThrow(/stream 'a-b\.v1': Its table 'a_b_c_v1' is also that of stream 'a\.v1'\. Rename/)
  })
})
