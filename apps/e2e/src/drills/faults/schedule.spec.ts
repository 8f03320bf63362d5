import { describe, expect, it } from '@jest/globals'
import { faultSchedule } from './schedule.ts'

describe('faultSchedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(faultSchedule(7, 300)).toEqual(faultSchedule(7, 300))
    expect(faultSchedule(7, 300)).not.toEqual(faultSchedule(8, 300))
  })

  it('has kills, stops and cuts, in order, within its time', () => {
    const planned = faultSchedule(1, 3_000)
    expect(new Set(planned.map(({ kind }) => kind))).toEqual(new Set(['kill', 'stop', 'cut']))
    expect(planned.map(({ atMs }) => atMs)).toEqual(planned.map(({ atMs }) => atMs).sort((a, b) => a - b))
    expect(planned.every(({ atMs }) => atMs < 3_000_000)).toBe(true)
  })
})
