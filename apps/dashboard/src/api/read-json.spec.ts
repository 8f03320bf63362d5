import { describe, expect, it } from '@jest/globals'
import { pathOf, livePath, rowsPath, streamPath } from './paths.ts'
import { readProblem } from './problem.ts'
import { readJson } from './read-json.ts'

const reading = (answer: Response | Error, baseUri = 'http://127.0.0.1:13000/') => {
  const asked: string[] = []
  const fetch = (url: unknown) => { asked.push(url instanceof URL ? url.href : 'no URL'); return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer) }
  return { asked, read: readJson({ fetch, baseUri, now: () => 5_000 }) }
}

describe('an answer', () => {
  it('is asked for under the path that the page itself has', async () => {
    const { asked, read } = reading(Response.json({}), 'https://example.org/data/millrace/')
    await read('v1/streams')
    expect(asked).toEqual(['https://example.org/data/millrace/v1/streams'])
  })

  it('comes with the clock of query-api, unless the two clocks cannot be told apart', async () => {
    const dated = (ms: number) => Response.json([1], { headers: { date: new Date(ms).toUTCString() } })
    expect(await reading(dated(90_000)).read('x')).toEqual({ value: [1], serverNow: 90_500 })
    expect(await reading(dated(4_000)).read('x')).toEqual({ value: [1], serverNow: 5_000 })
    expect(await reading(Response.json([1])).read('x')).toEqual({ value: [1], serverNow: 5_000 })
  })

  it('that is refused is the problem that it tells', async () => {
    const { read } = reading(Response.json({ code: 'store_slow', title: 'Not possible just now', detail: 'Try again later.', correlationId: 'c1' }, { status: 503, headers: { 'retry-after': '5' } }))
    expect(await read('x')).toEqual({ problem: { code: 'store_slow', title: 'Not possible just now', detail: 'Try again later.', correlationId: 'c1', status: 503, retryAfterMs: 5_000, errors: [], exists: [] } })
  })

  it('that is no JSON is a problem, with a status of 200, too', async () => {
    expect(await reading(new Response('<html>')).read('x')).toMatchObject({ problem: { code: 'http_200', status: 200 } })
    expect(await reading(new Response('Bad Gateway', { status: 502 })).read('x')).toMatchObject({ problem: { code: 'http_502', status: 502 } })
  })

  it('that never comes is a problem without a status', async () => {
    expect(await reading(new TypeError('failed to fetch')).read('x')).toMatchObject({ problem: { code: 'unreachable', status: null } })
  })

  it('that nobody waits for any more is no problem: whoever called it off hears so', async () => {
    await expect(reading(new TypeError('aborted')).read('x', AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

describe('a problem', () => {
  it('lists what is wrong with each part, and what there is instead', () => {
    expect(readProblem({ code: 'request_refused', title: 'T', detail: 'D', errors: [{ field: 'id', detail: 'id is missing.' }, 7], exists: ['/v1/trades', 8] }, { status: 400, retryAfter: null })).toMatchObject({ errors: ['id is missing.'], exists: ['/v1/trades'] })
  })

  it('takes no wait that is none', () => {
    expect([null, 'Wed, 21 Oct 2026 07:28:00 GMT', '-1', '2'].map((retryAfter) => readProblem({}, { status: 503, retryAfter }).retryAfterMs)).toEqual([null, null, null, 2_000])
  })
})

describe('a path', () => {
  const trades = { name: 'trades', version: 2 }

  it('has its parts and parameters encoded, and no parameter without a value', () => {
    expect(pathOf(['v1', 'a/b', '100%'], { time: '2026-11-22T19:00:00+01:00', cursor: null })).toBe('v1/a%2Fb/100%25?time=2026-11-22T19%3A00%3A00%2B01%3A00')
  })

  it('of a stream names its version', () => {
    expect(streamPath(trades, ['ledger'], { cursor: 'x' })).toBe('v1/streams/trades/ledger?cursor=x&version=2')
  })

  it('of a feed names the group and where to begin', () => {
    expect(livePath(trades, 'per-minute', { group: ['a/b'], from: 0 })).toBe('v1/live/trades/per-minute/a%2Fb?from=1970-01-01T00%3A00%3A00.000Z&version=2')
    expect(livePath(trades, 'per-minute', { group: [], from: null })).toBe('v1/live/trades/per-minute?version=2')
  })

  it('of rows is that of the view, relative to the page', () => {
    expect(rowsPath('/v2/trades/per-minute', ['a/b', 'c'])).toBe('v2/trades/per-minute/a%2Fb/c')
  })
})
