import { describe, expect, it } from '@jest/globals'
import { explainRefusal } from './explain-refusal.ts'

const url = new URL('http://127.0.0.1/v1/live/trades/per-minute')

describe('the reason of a refusal', () => {
  it('is read from the problem, with how long to wait', async () => {
    const problem = { code: 'too_many_requests', title: 'Too many requests', detail: 'Wait.', correlationId: 'c1' }
    const fetch = () => Promise.resolve(new Response(JSON.stringify(problem), { status: 429, headers: { 'retry-after': '3' } }))
    expect(await explainRefusal(url, { fetch })).toMatchObject({ ...problem, status: 429, retryAfterMs: 3_000 })
  })

  it('is none where the feed would begin now, and that feed is closed at once', async () => {
    let signal: AbortSignal | null | undefined
    const fetch = (_url: unknown, init?: RequestInit) => { signal = init?.signal; return Promise.resolve(new Response('event: reset\n\n')) }
    expect([await explainRefusal(url, { fetch }), signal?.aborted]).toEqual([null, true])
  })

  it('is that nobody answers where nobody does', async () => {
    expect(await explainRefusal(url, { fetch: () => Promise.reject(new TypeError('failed to fetch')) })).toMatchObject({ code: 'unreachable', status: null })
  })
})
