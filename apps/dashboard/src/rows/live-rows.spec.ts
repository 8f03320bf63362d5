import { beforeEach, describe, expect, it } from '@jest/globals'
import { LiveRows } from './live-rows.ts'

const answer = (events: number) => ({ windowStart: '2018-02-01T00:00:00.000Z', windowEnd: '2018-02-01T01:00:00.000Z', events, final: false })

let asked: (() => void)[]
let told: number
let rows: LiveRows

beforeEach(() => {
  asked = []
  told = 0
  rows = new LiveRows({ view: { by: [], measures: [] }, now: () => 7, soon: (run) => { asked.push(run) }, feed: { is: 'connecting', since: 0 } })
  rows.subscribe(() => { told += 1 })
})

const show = (): void => { for (const run of asked.splice(0)) run() }
const events = (): number[] => [...rows.shown().groups.values()].flatMap((of) => of.map((row) => row.events))

describe('what is shown of a feed', () => {
  it('changes once for whatever has come together', () => {
    rows.onRow(answer(1))
    rows.onRow(answer(2))
    rows.onProgress({ generation: 3, finalUntil: null, storedAt: null })
    expect([asked.length, events(), told]).toEqual([1, [], 0])
    show()
    expect([events(), told, rows.shown().progress?.generation, rows.shown().heardAt]).toEqual([[2], 1, 3, 7])
  })

  it('stays the same object until it changes', () => {
    rows.onRow(answer(1))
    show()
    const before = rows.shown()
    expect(rows.shown()).toBe(before)
    rows.onRow(answer(2))
    show()
    expect([rows.shown() === before, [...before.groups.values()][0]?.[0]?.events]).toEqual([false, 1])
  })

  it('is forgotten by a reset, and what follows is shown alone', () => {
    rows.onRow(answer(1))
    rows.onProgress({ generation: 3, finalUntil: null, storedAt: null })
    show()
    rows.onReset(5)
    show()
    expect([events(), rows.shown().progress, rows.shown().from]).toEqual([[], null, 5])
  })

  it('has the state of the feed, and tells nobody who has left', () => {
    const leave = rows.subscribe(() => { told += 10 })
    leave()
    rows.onState({ is: 'live', since: 3 })
    show()
    expect([rows.shown().feed, told]).toEqual([{ is: 'live', since: 3 }, 1])
  })
})
