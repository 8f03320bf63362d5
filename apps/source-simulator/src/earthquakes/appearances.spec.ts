import { describe, expect, it } from '@jest/globals'
import { appearances } from './appearances.ts'
import { recordedQuakes } from './recorded-quakes.ts'

const hour = 3_600_000

describe('the recorded earthquakes', () => {
  it('are 1,707, each once, in the order of their time', () => {
    expect(recordedQuakes).toHaveLength(1_707)
    expect(new Set(recordedQuakes.map(({ id }) => id)).size).toBe(1_707)
    const times = recordedQuakes.map(({ properties }) => properties.time)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect([times[0], times.at(-1)].map((time) => new Date(time ?? 0).toISOString())).toEqual(['2018-01-31T01:49:59.650Z', '2018-02-07T01:26:13.840Z'])
  })
})

describe('their appearances', () => {
  const all = appearances(recordedQuakes, 1)

  it('come after the earthquake and before its revision, for every seed', () => {
    for (const seed of [0, 1, 2, 3, 4_294_967_295]) {
      for (const { first, appearsAt, revisedAt } of appearances(recordedQuakes, seed)) {
        expect(first.properties.time < appearsAt && appearsAt < revisedAt).toBe(true)
      }
    }
  })

  it('are a few minutes late, except a few per cent that are hours late, some of them more than six', () => {
    const delays = all.map(({ first, appearsAt }) => appearsAt - first.properties.time)
    const share = (least: number): number => delays.filter((ms) => ms >= least).length / delays.length
    expect(share(6 * 60_000 + 1)).toBe(share(hour))
    expect(share(hour)).toBeGreaterThan(0.015)
    expect(share(hour)).toBeLessThan(0.05)
    expect(delays.filter((ms) => ms > 6 * hour).length).toBeGreaterThanOrEqual(10)
  })

  it('differ from the revision only in `updated`, which is the moment of the appearance', () => {
    for (const { first, revised, appearsAt, revisedAt } of all) {
      expect([first.properties.updated, revised.properties.updated]).toEqual([appearsAt, revisedAt])
      expect({ ...first, properties: { ...first.properties, updated: revisedAt } }).toEqual(revised)
    }
  })

  it('are the same for the same seed and others for another', () => {
    const delaysOf = (seed: number): number[] => appearances(recordedQuakes, seed).map(({ appearsAt }) => appearsAt)
    expect(delaysOf(1)).toEqual(all.map(({ appearsAt }) => appearsAt))
    expect(delaysOf(2)).not.toEqual(delaysOf(1))
  })
})
