import { describe, expect, it } from '@jest/globals'
import type { WindowRow } from '../rows/window-row.ts'
import { chooseGroups, eventTotals } from './choose-groups.ts'

const totals = (of: Readonly<Record<string, number>>): ReadonlyMap<string, number> => new Map(Object.entries(of))

describe('the groups of a chart', () => {
  it('are those with most events', () => {
    expect(chooseGroups([], totals({ a: 1, b: 9, c: 5 }), 2)).toEqual(['b', 'c'])
  })

  it('keep their places while others have only a little more', () => {
    expect(chooseGroups(['a', 'b'], totals({ a: 10, b: 10, c: 12 }), 2)).toEqual(['a', 'b'])
  })

  it('give way to one that has clearly more, which takes the place of the least', () => {
    expect(chooseGroups(['a', 'b'], totals({ a: 20, b: 10, c: 13 }), 2)).toEqual(['a', 'c'])
  })

  it('take the places of groups that are gone, and no other line moves', () => {
    expect(chooseGroups(['a', 'b', 'c'], totals({ b: 9, c: 8, d: 1, e: 2 }), 3)).toEqual(['e', 'b', 'c'])
    expect(chooseGroups(['a', 'b'], totals({ b: 1 }), 2)).toEqual(['b'])
  })

  it('are the same list while nothing changes', () => {
    const drawn = ['a', 'b']
    expect(chooseGroups(drawn, totals({ a: 2, b: 1 }), 2)).toBe(drawn)
  })
})

describe('the events of a group', () => {
  it('are counted from the first window of the chart on, and a group without any is left out', () => {
    const row = (start: number, events: number): WindowRow => ({ key: 'k', group: [], start, end: start, events, measures: {}, isFinal: true })
    expect(eventTotals(new Map([['a', [row(0, 100), row(10, 1), row(20, 2)]], ['b', [row(0, 7)]]]), 10)).toEqual(totals({ a: 3 }))
  })
})
