import { describe, expect, it } from '@jest/globals'
import { ProblemException } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { earthquakes, trades } from '@millrace/streams'
import { touchedBy } from './choose-late.ts'
import { rangesOf } from './promotions.ts'
import { checkReplayRange, leastWindows, mostWindows, stepOf } from './replay-range.ts'

const hour = 3_600_000
const minute = 60_000
const windows = (...sizes: (readonly [number, number])[]): Pick<StreamDeclaration, 'views'> => ({ views: sizes.map(([sizeMs, slideMs]) => ({ window: { kind: 'tumbling', sizeMs, slideMs } })) as unknown as StreamDeclaration['views'] })
const now = 100 * hour

const refused = (from: number, to: number, { floor = null, finalUntil = 99 * hour, stream = trades }: { floor?: number | null; finalUntil?: number | null; stream?: StreamDeclaration } = {}) => {
  try {
    checkReplayRange({ stream, asked: { from, to }, finalUntil, floor, now })
    return null
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error
    const { code, members } = error.problem
    return { code, ...members }
  }
}
const iso = (ms: number) => new Date(ms).toISOString()

describe('the range of a replay', () => {
  it('goes from one instant at which all windows begin to another', () => {
    expect([stepOf(windows([hour, hour], [10_000, 10_000])), stepOf(windows([7 * minute, 7 * minute], [hour, hour])), stepOf(windows([6 * hour, hour]))]).toEqual([hour, 7 * hour, hour])
    expect(refused(98 * hour, 99 * hour)).toBeNull()
    expect(refused(98 * hour + 1, 99 * hour - 1)).toEqual({ code: 'range_unaligned', from: iso(98 * hour), to: iso(99 * hour) })
  })

  it('is refused where it is not final, or reaches below what is kept, and the part that could be replayed is said', () => {
    expect(refused(98 * hour, 100 * hour)).toEqual({ code: 'range_not_replayable', replayable: { from: iso(98 * hour), to: iso(99 * hour) } })
    expect(refused(97 * hour, 99 * hour)).toEqual({ code: 'range_not_replayable', replayable: { from: iso(98 * hour), to: iso(99 * hour) } })
    expect(refused(98 * hour, 99 * hour, { floor: 98 * hour + 1 })).toEqual({ code: 'range_not_replayable', replayable: null })
    expect(refused(10 * hour, 12 * hour, { stream: earthquakes, floor: 10 * hour + 5 })).toEqual({ code: 'range_not_replayable', replayable: { from: iso(11 * hour), to: iso(12 * hour) } })
    expect(refused(10 * hour, 12 * hour, { stream: earthquakes })).toBeNull()
    expect(refused(98 * hour, 99 * hour, { finalUntil: null })?.code).toBe('nothing_final')
  })

  it('is neither empty nor larger than can be built', () => {
    expect(refused(99 * hour, 99 * hour)?.code).toBe('range_empty')
    expect(leastWindows(windows([hour, hour], [minute, minute]), { from: 0, to: 2 * hour })).toBe(2 + 120)
    expect(leastWindows(windows([6 * hour, hour]), { from: 0, to: 5 * hour })).toBe(0)
    const days = Math.ceil(mostWindows / 24 / 2) * 24 * hour
    expect(refused(0, days, { stream: { ...earthquakes, ...windows([hour, hour], [hour, hour]) }, finalUntil: days + hour })?.code).toBe('range_too_large')
  })
})

describe('the windows that an event counts in', () => {
  it('span from the start of the first to the end of the last', () => {
    expect(touchedBy(windows([hour, hour], [6 * hour, hour]), 10 * hour + 5)).toEqual({ from: 5 * hour, to: 16 * hour })
    expect(touchedBy(windows([hour, hour]), 10 * hour)).toEqual({ from: 10 * hour, to: 11 * hour })
  })
})

describe('the ranges that carry included events', () => {
  const at = (...hours: number[]) => hours.map((time) => ({ eventTime: time * hour }))

  it('are joined where they touch, and begin at the floor', () => {
    expect(rangesOf(trades, at(5, 1, 2), null)).toEqual([{ from: hour, to: 3 * hour }, { from: 5 * hour, to: 6 * hour }])
    expect(rangesOf(trades, at(1, 2.5), 2.25 * hour)).toEqual([{ from: 2.25 * hour, to: 3 * hour }])
    expect(rangesOf(trades, [], null)).toEqual([])
  })

  it('are at most sixteen: those with the least between them are joined first', () => {
    const ranges = rangesOf(trades, at(...Array.from({ length: 20 }, (_, index) => index * index * 2)), null)
    expect(ranges).toHaveLength(16)
    expect(ranges[0]).toEqual({ from: 0, to: 33 * hour })
  })
})
