import { describe, expect, it } from '@jest/globals'
import { aLate, anEvent } from '../api/answers.fixture.ts'
import { problemOf } from '../api/problem.ts'
import { readEventQuestion } from './event-question.ts'
import { whatToDo, whereText } from './event-words.ts'

const id = 'q5mZ0mC8u0m1o1yqk6v2Gw'
const ask = (text: string, time = '') => readEventQuestion({ name: 'trades', version: 1 }, { text, time })

describe('a question for an event', () => {
  it('is asked by the id', () => {
    expect(ask(` ${id}\n`)).toEqual({ path: `v1/streams/trades/events/${id}?version=1` })
  })

  it('is asked by the fields of the id, whatever their values hold', () => {
    expect(ask('network=ci & id = a=b/c%')).toEqual({ path: 'v1/streams/trades/events?network=ci&id=a%3Db%2Fc%25&version=1' })
    expect(ask('a=1\nb=2')).toEqual({ path: 'v1/streams/trades/events?a=1&b=2&version=1' })
  })

  it('goes with the time of the event, in UTC where no zone is said', () => {
    const path = `v1/streams/trades/events/${id}?time=2026-11-22T19%3A23%3A36.000Z&version=1`
    expect(['2026-11-22T19:23:36Z', '2026-11-22 19:23:36', '2026-11-22T20:23:36+01:00'].map((time) => ask(id, time))).toEqual(Array(3).fill({ path }))
  })

  it.each([['', '', /Type an event id/], ['short', '', /22 characters/], ['=x', '', /22 characters/], [id, 'yesterday', /'yesterday' is no instant/]])('that is none is not sent, and says how to mend it: %j %j', (text, time, words) => {
    expect(ask(text, time)).toEqual({ mend: expect.stringMatching(words) })
  })
})

describe('where an event is', () => {
  const unseen = anEvent.windows.map((window) => ({ ...window, row: null }))

  it('is told for one that counts, and for one whose rows are not there', () => {
    expect(whereText(anEvent)).toMatch(/every window it belongs to counts it/)
    expect(whereText({ ...anEvent, windows: unseen })).toMatch(/none of its windows has a row now/)
    expect(whereText({ ...anEvent, windows: [...unseen, ...anEvent.windows] })).toMatch(/some of its windows/)
  })

  it('is told for a late one, before and after its inclusion', () => {
    expect(whereText({ ...anEvent, state: 'late', late: aLate })).toMatch(/counts in no row until it is included/)
    expect(whereText({ ...anEvent, state: 'late', late: { ...aLate, includedGeneration: 4 } })).toMatch(/was included since/)
  })

  it('is told for one of which only the page is known', () => {
    expect(whereText({ ...anEvent, state: 'judged', windows: [], topic: null })).toMatch(/no more is kept/)
  })

  it('comes with what to do where it is not found', () => {
    const todo = (code: string, status: number) => whatToDo(problemOf({ code, title: '', detail: '', status }))
    expect([todo('event_search_too_wide', 400), todo('nothing_declared', 404), todo('store_slow', 503)]).toEqual([expect.stringMatching(/second field/), expect.stringMatching(/dead letters/), null])
  })
})
