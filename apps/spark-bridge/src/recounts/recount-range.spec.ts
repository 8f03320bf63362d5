import { describe, expect, it } from '@jest/globals'
import { ProblemException } from '@millrace/service'
import { earthquakes, trades } from '@millrace/streams'
import { recountRange, type RangeQuestion } from './recount-range.ts'

const hour = 3_600_000
const noon = Date.parse('2018-02-03T12:00:00Z')
const range = (change: Partial<RangeQuestion> = {}) => recountRange({ stream: earthquakes, asked: {}, finalUntil: noon, floor: null, ...change })
const problem = (change: Partial<RangeQuestion>) => {
  try {
    return range(change)
  } catch (error) {
    if (error instanceof ProblemException) return [error.problem.status, error.problem.code]
    throw error
  }
}

describe('the range of a recount', () => {
  it('is the last day that is final when nothing else is asked for', () => {
    expect(range()).toEqual({ from: noon - 24 * hour, to: noon })
    expect(range({ asked: { to: noon - hour } })).toEqual({ from: noon - 25 * hour, to: noon - hour })
    expect(range({ asked: { from: noon - 5 } })).toEqual({ from: noon - 5, to: noon })
  })

  it('by itself begins no earlier than events are kept, and than the generation has seen all', () => {
    expect(range({ stream: trades })).toEqual({ from: noon - 2 * hour, to: noon })
    expect(range({ floor: noon - 3 * hour })).toEqual({ from: noon - 3 * hour, to: noon })
  })

  it('that is not final is refused, and the answer says what is', () => {
    expect(problem({ asked: { to: noon + 1 } })).toEqual([409, 'range_not_final'])
    expect(() => range({ asked: { to: noon + 1 } })).toThrow('2018-02-03T12:00:00.000Z')
    expect(() => range({ asked: { to: noon + 1 } })).toThrow(expect.objectContaining({ problem: expect.objectContaining({ members: { finalUntil: '2018-02-03T12:00:00.000Z' } }) }))
  })

  it.each<[string, Partial<RangeQuestion>, number, string]>([
    ['before anything is final', { finalUntil: null }, 409, 'nothing_final'],
    ['when all that is final has lost events', { floor: noon }, 409, 'nothing_final'],
    ['that ends where it begins', { asked: { from: noon - 1, to: noon - 1 } }, 400, 'range_empty'],
    ['longer than events are kept', { asked: { from: noon - 7 * 24 * hour - 1 } }, 400, 'range_too_long'],
    ['of more windows than are compared at once', { stream: { ...earthquakes, retentionMs: 1e12, views: trades.views }, asked: { from: noon - 1_000 * 24 * hour } }, 400, 'range_too_large'],
  ])('%s is refused', (_, change, status, code) => {
    expect(problem(change)).toEqual([status, code])
  })
})
