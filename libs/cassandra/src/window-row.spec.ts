import { describe, expect, it } from '@jest/globals'
import { tableDdl } from './table-ddl.ts'
import { nightTrains, viewOf } from './testing/night-trains.ts'
import { newestRows, WindowRows, type StoredWindow } from './window-row.ts'

const rows = new WindowRows(nightTrains)
const start = Date.parse('2018-02-01T10:00:00Z')
const hour = 3_600_000
const perHour = (change: Partial<StoredWindow> = {}): StoredWindow =>
  ({ view: 'per-hour', group: ['S1'], start, end: start + hour, events: 7, generation: 2, measures: { meanDelay: 1.5, lastDriver: 'Ada', delayShare: 0.25 }, ...change })

describe('the row of a window', () => {
  it('holds its cells in the order of the columns of its tables', () => {
    expect(tableDdl(nightTrains, viewOf('per-hour'))[0]?.columns.map(({ name }) => name)).toEqual(['line', 'day', 'window_start', 'generation', 'window_end', 'events', 'mean_delay', 'last_driver', 'delay_share'])
    expect(rows.rowOf(perHour()).cells).toEqual(['S1', '2018-02-01', start, 2, start + hour, 7, 1.5, 'Ada', 0.25])
  })

  it('turns the text of each kind of group, and the value of each kind of measure, into its cell', () => {
    const unit = '6f9619ff-8b86-d011-b42d-00cf4fc964ff'
    const window = {
      view: 'kinds', group: ['S1', '-12', unit.toUpperCase(), 'true', '1517479200000'], start, end: start + hour, events: 1, generation: 1,
      measures: { trains: 1, orders: 9, delays: 1e300, weighted: 'Infinity', firstUnit: unit, lastSeen: 1_517_479_200_000, firstFreight: false, leastDriver: '', share: -0.5 },
    }
    expect(rows.rowOf(window).cells).toEqual([
      'S1', -12, unit, true, 1_517_479_200_000, '2018-02-01', start, 1, start + hour, 1,
      1, 9, 1e300, Number.POSITIVE_INFINITY, null, unit, 1_517_479_200_000, false, '', undefined, undefined, undefined, -0.5,
    ])
  })

  it('leaves the cell of an absent measure as it is, but empties that of a calculated one, which can lose its value', () => {
    expect(rows.rowOf(perHour({ measures: {} })).cells.slice(-3)).toEqual([null, undefined, null])
  })

  it('lies in the hour where the view is kept by the hour', () => {
    const minute = start + 17 * 60_000
    expect(rows.rowOf({ view: 'rolling', group: [], start: minute, end: minute + 600_000, events: 1, generation: 1, measures: {} }).bucket).toBe(start)
  })

  it.each<[string, StoredWindow, string]>([
    ['a view that is not declared', perHour({ view: 'per-day' }), "the stream night-trains has no view 'per-day'; it has per-hour, kinds, rolling, _ledger"],
    ['a measure that is not declared', perHour({ measures: { worst: 1 } }), "the view has no measure 'worst'"],
    ['too many groups', perHour({ group: ['S1', 'S2'] }), 'its group has 2 values, expected 1'],
    ['another size', perHour({ end: start + 1 }), 'which is no window of 3600000 ms'],
    ['a start between windows', perHour({ start: start + 1, end: start + 1 + hour }), 'which is no window of 3600000 ms'],
    ['a text instead of a number', perHour({ measures: { meanDelay: '1.5' } }), 'meanDelay is "1.5"; expected a value of kind real'],
    ['a group too long for a key', perHour({ group: ['ö'.repeat(33_000)] }), 'its group has more than 65000 bytes'],
    ['an empty group', perHour({ group: [''] }), 'line is ""; expected a text of at least one character'],
    ['a whole number that is not safe', perHour({ view: 'kinds', group: ['S1', '9007199254740993', '', '', ''], measures: {} }), 'order is "9007199254740993"; expected a value of kind int'],
  ])('is refused for %s', (_, window, problem) => {
    expect(() => rows.rowOf(window)).toThrow(problem)
  })
})

describe('the newest rows', () => {
  it('are those with the highest number of events, one a window, group and generation', () => {
    const kept = newestRows([perHour({ events: 3 }), perHour({ events: 9 }), perHour({ events: 5 }), perHour({ group: ['S2'], events: 1 }), perHour({ generation: 3, events: 2 })].map((window) => rows.rowOf(window)))
    expect(kept.map(({ key, events }) => [key, events])).toEqual([
      [`per-hour 2 ${start} ["S1"]`, 9],
      [`per-hour 2 ${start} ["S2"]`, 1],
      [`per-hour 3 ${start} ["S1"]`, 2],
    ])
  })
})
