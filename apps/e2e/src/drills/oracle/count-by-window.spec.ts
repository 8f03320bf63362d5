import { describe, expect, it } from '@jest/globals'
import { balanceOf } from './count-by-window.ts'

const row = (symbol: string, windowStart: string, events: number) => ({ symbol, windowStart, events })
const key = ['symbol', 'windowStart']

describe('balanceOf', () => {
  it('finds nothing lost and nothing double where the counts are the same', () => {
    expect(balanceOf([row('A', '1', 3)], [row('A', '1', 3)], key)).toEqual({ lost: 0, double: 0 })
  })

  it('does not make one lost good by one double elsewhere', () => {
    expect(balanceOf([row('A', '1', 3), row('B', '1', 3)], [row('A', '1', 2), row('B', '1', 4)], key)).toEqual({ lost: 1, double: 1 })
  })

  it('counts a window that is not there as lost, and one that should not be there as double', () => {
    expect(balanceOf([row('A', '1', 3)], [row('A', '2', 2)], key)).toEqual({ lost: 3, double: 2 })
  })
})
