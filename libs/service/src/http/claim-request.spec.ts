import { describe, expect, it } from '@jest/globals'
import { claimRequest, type ClaimedRequest, type RequestToClaim } from './claim-request.ts'
import { ProblemException } from './problem-exception.ts'
import { RateLimit } from './rate-limit.ts'

function desk(count = 10) {
  const entries = new Map<string, ClaimedRequest>()
  const keys = {
    find: (caller: string, key: string) => Promise.resolve(entries.get(`${caller} ${key}`) ?? null),
    claim: (entry: ClaimedRequest) => {
      const holds = entries.get(`${entry.caller} ${entry.key}`) ?? entry
      entries.set(`${entry.caller} ${entry.key}`, holds)
      return Promise.resolve(holds)
    },
  }
  const limit = new RateLimit({ count, perMs: 60_000, what: 'requests', clock: { now: () => 0, sleep: () => Promise.resolve() } })
  return { entries, claim: ({ caller = 'c', asked = { of: 'a' }, admit = () => Promise.resolve(), ...change }: Partial<RequestToClaim> = {}) =>
    claimRequest({ keys, limit, clock: { now: () => 7 }, caller, key: 'key' in change ? change.key : 'k', asked, admit }) }
}

const problem = (status: number, code: string) => expect.objectContaining({ problem: expect.objectContaining({ status, code }) })

describe('a request with an idempotency key', () => {
  it('has the same id however often and at once it comes, new to one of them', async () => {
    const { claim, entries } = desk(2)
    const answers = await Promise.all(Array.from({ length: 100 }, () => claim()))
    expect([new Set(answers.map(({ id }) => id)).size, answers.filter(({ isNew }) => isNew).length, entries.size]).toEqual([1, 1, 1])
    // Those who came second have taken nothing from the limit.
    expect((await claim({ key: 'l' })).isNew).toBe(true)
  })

  it('is another for another key and for another caller', async () => {
    const { claim } = desk()
    const ids = [await claim(), await claim({ key: 'l' }), await claim({ caller: 'd' })].map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })

  it('is refused when the key stands for another one', async () => {
    const { claim } = desk()
    await claim()
    await expect(claim({ asked: { of: 'b' } })).rejects.toEqual(problem(422, 'idempotency_key_used'))
  })

  it.each([undefined, '', 'two words', 'ü', 'x'.repeat(201)])('is refused with the key %j', async (key) => {
    await expect(desk().claim({ key })).rejects.toEqual(problem(400, 'idempotency_key_required'))
  })

  it('costs its caller only when it is new', async () => {
    const { claim } = desk(1)
    await claim()
    for (let time = 0; time < 5; time += 1) await claim()
    await expect(claim({ key: 'l' })).rejects.toEqual(problem(429, 'too_many_requests'))
  })

  it('that is not admitted leaves its key unused, and one that was is not asked again', async () => {
    const { claim, entries } = desk()
    const refusal = new ProblemException({ status: 409, code: 'no', title: 'No', detail: 'Not now.' })
    await expect(claim({ admit: () => Promise.reject(refusal) })).rejects.toBe(refusal)
    expect(entries.size).toBe(0)
    await claim()
    expect(await claim({ admit: () => Promise.reject(refusal) })).toMatchObject({ isNew: false })
  })
})
