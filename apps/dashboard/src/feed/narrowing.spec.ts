import { describe, expect, it } from '@jest/globals'
import { problemOf } from '../api/problem.ts'
import { Narrowing } from './narrowing.ts'

const tooWide = problemOf({ code: 'live_too_wide', title: '', detail: '', status: 400 })

describe('a feed that is too much', () => {
  it('is asked for half as far back each time', () => {
    const narrowing = new Narrowing()
    expect([narrowing.of(80), narrowing.doesMend(tooWide), narrowing.of(80), narrowing.doesMend(tooWide), narrowing.of(80)]).toEqual([80, true, 40, true, 20])
  })

  it('is given up when little is too much, too', () => {
    const narrowing = new Narrowing()
    expect(Array.from({ length: 6 }, () => narrowing.doesMend(tooWide))).toEqual([true, true, true, true, true, false])
  })

  it('is asked for as far back as ever when it is refused for another reason', () => {
    const narrowing = new Narrowing()
    expect([narrowing.doesMend({ ...tooWide, code: 'store_slow' }), narrowing.doesMend(null), narrowing.of(80)]).toEqual([false, false, 80])
  })
})
