import { describe, expect, it } from '@jest/globals'
import type { ReadWindow } from '@millrace/cassandra'
import type { RecountedWindow } from '@millrace/spark-connect'
import { everything } from '@millrace/spark-connect/window-plan/everything'
import { approxPercentile, difference, max } from '@millrace/stream-kit'
import { windowJudge } from './judge-window.ts'

type Value = string | number | boolean

const stream = everything()
const all = stream.views.find(({ name }) => name === 'all') ?? stream.views[0]
if (!all) throw new Error('The fixture has no views.')
const view = { measures: [...all.measures, { name: 'gap', measure: difference(max('x'), approxPercentile('x', 0.5)), type: { kind: 'real' as const, isOptional: true } }] }
const judge = windowJudge(view, stream.event)

const counted = (measures: Record<string, Value>, more: Partial<RecountedWindow> = {}): RecountedWindow => ({ group: [], start: 0, end: 60_000, events: 3, appendedAt: 0, measures, magnitudes: {}, ranks: {}, ...more })
const kept = (measures: Record<string, Value | null>, more: Partial<ReadWindow> = {}): ReadWindow => ({ group: {}, windowStart: 0, windowEnd: 60_000, events: 3, generation: 1, measures, ...more })
const isSame = (name: string, recounted: Value, stored: Value, more: Partial<RecountedWindow> = {}) => judge(counted({ [name]: recounted }, more), kept({ [name]: stored }))

describe('two rows of a window', () => {
  it('must have the same events and the same end', () => {
    expect(judge(counted({}), kept({}))).toBe(true)
    expect(judge(counted({}), kept({}, { events: 2 }))).toBe(false)
    expect(judge(counted({}), kept({}, { windowEnd: 60_001 }))).toBe(false)
  })

  it.each<[string, Value, Value]>([
    ['sumInt', 7, 8], ['number', 1, 2], ['greatestReal', 1, 1 + 1e-12], ['leastInt', 1, 2], ['latestSeen', 5, 6], ['firstText', 'a', 'b'], ['lastText', 'a', 'A'], ['firstBool', true, false],
    ['texts', 100, 101], ['squares', 4, 5], ['spread', 1, 2], ['greatestUuid', '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b'],
  ])('must have an equal %s', (name, one, other) => {
    expect([isSame(name, one, one), isSame(name, one, other)]).toEqual([true, false])
  })

  it('may have a UUID in the other case', () => {
    expect(isSame('greatestUuid', '00000000-0000-0000-0000-00000000000A', '00000000-0000-0000-0000-00000000000a')).toBe(true)
  })

  it.each(['sumReal', 'meanReal', 'meanInt', 'mixed', 'ratioOfSums', 'move'])('may have another rounding in %s', (name) => {
    expect([isSame(name, 1e6, 1e6 + 1e-4), isSame(name, 1e6, 1e6 + 2e-3), isSame(name, -1, 1)]).toEqual([true, false, false])
  })

  it('may differ by the rounding of what was added up, where it cancels out', () => {
    expect(isSame('sumReal', 5.5e-17, 2.7e-17)).toBe(false)
    expect(isSame('sumReal', 5.5e-17, 2.7e-17, { magnitudes: { sumReal: 0.6 } })).toBe(true)
    expect(isSame('sumReal', 0, 1e-3, { magnitudes: { sumReal: 0.6 } })).toBe(false)
  })

  it('may have a percentile of any rank within its accuracy', () => {
    const ranks = { medianInt: [4, 6] } as const
    expect([4, 5, 6, 3.9, 7].map((stored) => isSame('medianInt', 5, stored, { ranks }))).toEqual([true, true, true, false, false])
    expect(isSame('medianInt', 5, 5)).toBe(false)
  })

  it('are asked only for the presence of what is derived from a percentile', () => {
    expect([isSame('gap', 1, 2), judge(counted({ gap: 1 }), kept({ gap: null }))]).toEqual([true, false])
  })

  it('must both have a value or both none', () => {
    for (const { name } of all.measures) {
      expect([name, judge(counted({ [name]: 1 }), kept({ [name]: null }))]).toEqual([name, false])
      expect([name, judge(counted({}), kept({ [name]: 1 }))]).toEqual([name, false])
    }
  })
})
