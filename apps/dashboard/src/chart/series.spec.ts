import { describe, expect, it } from '@jest/globals'
import { groupKey, type WindowRow } from '../rows/window-row.ts'
import { alone, chartData, lastPlace, valueAt } from './series.ts'

const key = groupKey(['a'])
const row = (start: number, events: number, isFinal = true): WindowRow => ({ key, group: ['a'], start, end: start + 10, events, measures: { close: events / 2, best: null }, isFinal })
const ask = (rows: readonly WindowRow[], more: Partial<Parameters<typeof chartData>[0]> = {}) => chartData({ groups: new Map([[key, rows]]), keys: [key], measure: 'events', newest: 40, windows: 4, slideMs: 10, sizeMs: 10, ...more })
const lineOf = (data: ReturnType<typeof chartData>) => data.lines[0] ?? { key: '', group: [], final: [], provisional: [], hollow: [] }

describe('the lines of a chart', () => {
  it('lie along the ends of all windows that there could be, up to the newest', () => {
    expect(ask([row(40, 1)]).ends).toEqual([20, 30, 40, 50])
    expect(ask([row(40, 1)], { sizeMs: 30 }).ends).toEqual([40, 50, 60, 70])
  })

  it('have a gap where a group has no window, and where a window has no value', () => {
    expect(lineOf(ask([row(10, 1), row(30, 3), row(40, 4)])).final).toEqual([1, null, 3, 4])
    expect(lineOf(ask([row(10, 1)], { measure: 'best' })).final).toEqual([null, null, null, null])
  })

  it('leave out what is older than the chart goes back', () => {
    expect(lineOf(ask([row(0, 9), row(10, 1)])).final).toEqual([1, null, null, null])
  })

  it('part where windows stop being final, and the provisional part begins at the last final point', () => {
    expect(lineOf(ask([row(10, 1), row(20, 2), row(30, 3, false), row(40, 4, false)]))).toMatchObject({ final: [1, 2, null, null], provisional: [null, 2, 3, 4], hollow: [2, 3] })
  })

  it('do not bridge a gap between final and provisional windows', () => {
    expect(lineOf(ask([row(10, 1), row(30, 3, false)]))).toMatchObject({ final: [1, null, null, null], provisional: [null, null, 3, null], hollow: [2] })
  })

  it('take a measure as well as the events', () => {
    expect(lineOf(ask([row(40, 5)], { measure: 'close' })).final).toEqual([null, null, null, 2.5])
  })

  it('of a group that has no row any more are empty, not missing', () => {
    expect(ask([], { keys: ['["gone"]'] }).lines).toEqual([{ key: '["gone"]', group: [], final: [null, null, null, null], provisional: [null, null, null, null], hollow: [] }])
  })

  it('tell the value at a place, final or not, and the last place that has one', () => {
    const data = ask([row(10, 1), row(20, 2), row(30, 3, false)])
    expect([[0, 1, 2, 3].map((at) => valueAt(lineOf(data), at)), lastPlace(data), lastPlace(ask([]))]).toEqual([[1, 2, 3, null], 2, null])
  })
})

describe('a point without a neighbour', () => {
  it('is found, at either end, too', () => {
    expect([alone([1, null, 2, 3, null, 4]), alone([null, 5, null]), alone([1, 2]), alone([])]).toEqual([[0, 5], [1], [], []])
  })
})
