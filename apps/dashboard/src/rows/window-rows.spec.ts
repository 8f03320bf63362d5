import { beforeEach, describe, expect, it } from '@jest/globals'
import { newestRows, newestStart } from './newest-rows.ts'
import { groupKey, type WindowRow } from './window-row.ts'
import { WindowRows } from './window-rows.ts'

const row = (symbol: string, start: number, more: Partial<WindowRow> = {}): WindowRow => ({ key: groupKey([symbol]), group: [symbol], start, end: start + 10, events: 1, measures: {}, isFinal: false, ...more })

let rows: WindowRows
beforeEach(() => { rows = new WindowRows({ windowsPerGroup: 3, groups: 2 }) })

const starts = (symbol: string): number[] => (rows.groups.get(groupKey([symbol])) ?? []).map(({ start }) => start)
const put = (...all: WindowRow[]): void => { for (const one of all) rows.put(one) }

describe('the rows of a feed', () => {
  it('replace earlier ones of the same group and window', () => {
    put(row('a', 10, { events: 1 }), row('a', 20), row('a', 10, { events: 7, isFinal: true }))
    expect(rows.groups.get(groupKey(['a']))).toEqual([row('a', 10, { events: 7, isFinal: true }), row('a', 20)])
  })

  it('stand in the order of their windows, whatever order they come in', () => {
    put(row('a', 20), row('a', 10), row('a', 30))
    expect(starts('a')).toEqual([10, 20, 30])
  })

  it('are kept apart by group', () => {
    put(row('a', 10, { events: 1 }), row('b', 10, { events: 2 }))
    expect([...rows.groups.values()].map(([one]) => one?.events)).toEqual([1, 2])
  })

  it('are dropped from their oldest end, so a group takes only so much memory', () => {
    put(row('a', 10), row('a', 20), row('a', 30), row('a', 40))
    expect(starts('a')).toEqual([20, 30, 40])
    put(row('a', 10))
    expect(starts('a')).toEqual([20, 30, 40])
  })

  it('of the group that has been silent longest make room for a new one', () => {
    put(row('a', 20), row('b', 10), row('c', 30))
    expect([[...rows.groups.keys()], rows.isCut]).toEqual([[groupKey(['a']), groupKey(['c'])], true])
  })

  it('are all forgotten by a reset', () => {
    put(row('a', 20), row('b', 10), row('c', 30))
    rows.reset()
    expect([rows.groups.size, rows.isCut]).toEqual([0, false])
  })

  it('do not change a list that was handed out', () => {
    put(row('a', 10))
    const before = rows.groups.get(groupKey(['a']))
    put(row('a', 10, { events: 9 }), row('a', 20))
    expect(before).toEqual([row('a', 10)])
  })
})

describe('the newest rows', () => {
  it('come with the latest window first, and keep their places within it', () => {
    put(row('b', 20, { events: 9 }), row('b', 10), row('a', 20))
    expect(newestRows(rows.groups, 2).map(({ group, start }) => [group[0], start])).toEqual([['a', 20], ['b', 20]])
    expect(newestStart(rows.groups)).toBe(20)
  })

  it('are none before any has come', () => {
    expect([newestRows(rows.groups, 5), newestStart(rows.groups)]).toEqual([[], null])
  })
})
