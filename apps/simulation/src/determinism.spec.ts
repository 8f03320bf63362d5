import { expect, it } from '@jest/globals'
import { simulate } from './simulate.ts'

const seeds = Array.from({ length: 20 }, (_, i) => 1_000 + i)

it('one seed is one story, however often it is told', async () => {
  for (const seed of seeds) {
    const [first, second] = [await simulate({ seed }), await simulate({ seed, isTraced: true })]
    expect({ seed, digest: second.digest, steps: second.steps }).toEqual({ seed, digest: first.digest, steps: first.steps })
  }
}, 120_000)

it('two seeds are two stories', async () => {
  const digests = new Set<string>()
  for (const seed of seeds) digests.add((await simulate({ seed })).digest)
  expect(digests.size).toBe(seeds.length)
}, 120_000)

it('leaves the clock, chance and timers of the process as they were', async () => {
  const before = [Date.now, Math.random, setTimeout, setImmediate]
  await simulate({ seed: 1 })
  expect([Date.now, Math.random, setTimeout, setImmediate]).toEqual(before)
  expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000)
}, 60_000)
