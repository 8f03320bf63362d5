import { describe, expect, it } from '@jest/globals'
import { createElement, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { aDead, aLate, aLedger, anEvent, anHour, aStream, aView, noLetters } from './api/answers.fixture.ts'
import { problemOf } from './api/problem.ts'
import { ProblemNote } from './connection/problem-note.tsx'
import { EventFound } from './event/event-found.tsx'
import { LedgerPanel } from './ledger/ledger-panel.tsx'
import { KeptPanel } from './letters/kept-panel.tsx'
import { LinePanel } from './line/line-panel.tsx'
import { groupKey, type WindowRow } from './rows/window-row.ts'
import { StreamList } from './streams/stream-list.tsx'
import { WindowsTable } from './windows/windows-table.tsx'

const page = (node: ReactNode): string => renderToStaticMarkup(node)
const words = (node: ReactNode): string => page(node).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

describe('the ledger', () => {
  const ledger = { ...aLedger, data: [anHour, { ...anHour, bucket: '2026-11-22T19:00:00.000Z', state: 'unbalanced', aggregated: 3_530, differences: [{ equation: 'published = aggregated', left: 3_532, right: 3_530 }] }] } as const
  const of = (stale: string | null) => createElement(LedgerPanel, { ledger, stale, problem: null })

  it('names the state of each hour in words, and opens the one that does not balance', () => {
    expect(page(of(null))).toContain('aria-label="2026-11-22 18:00:00 – 19:00:00: balanced"')
    expect(words(of(null))).toContain('3,532 events were published, and the rows count 3,530: 2 missing.')
  })

  it('is marked when it is old', () => {
    expect([words(of('as of 19:23:36, 2 min old')).includes('as of 19:23:36, 2 min old'), page(of(null)).includes('data-stale="true"')]).toEqual([true, false])
  })
})

describe('what was kept apart', () => {
  const kept = (letters: number) => ({ late: { counts: { ...noLetters, letters, byReason: { late: letters } }, isPartial: false, newest: letters === 0 ? [] : [aLate] }, dead: { counts: noLetters, isPartial: false, newest: [] } })
  const of = (letters: number) => createElement(KeptPanel, { stream: aStream, kept: kept(letters), route: { stream: 'trades', view: 'per-minute' }, stale: null, problem: null })

  it('says so when it is nothing', () => {
    expect(words(of(0))).toMatch(/There is no late event since .* There is no dead letter since/)
  })

  it('is counted by reason, and leads to the event', () => {
    expect(words(of(41))).toContain('41 late The event is behind the watermark')
    expect(page(of(41))).toContain(`event=${aLate.eventId ?? ''}&amp;time=`)
  })

  it('never becomes part of the page: bytes are text', () => {
    const content = { ...aDead.content, text: '<img src=x onerror=alert(1)>' }
    const dead = { counts: { ...noLetters, letters: 1 }, isPartial: false, newest: [{ ...aDead, content, detail: '<b>' }] }
    const html = page(createElement(KeptPanel, { stream: aStream, kept: { ...kept(0), dead }, route: {}, stale: null, problem: null }))
    expect([html.includes('<img'), html.includes('<b>'), html.includes('&lt;img')]).toEqual([false, false, true])
  })
})

describe('the newest windows', () => {
  const start = Date.parse('2026-11-22T19:23:00Z')
  const row = (symbol: string, isFinal: boolean): WindowRow => ({ key: groupKey([symbol]), group: [symbol], start, end: start + 60_000, events: 3, measures: { vwap: null }, isFinal })
  const of = (...rows: WindowRow[]) => createElement(WindowsTable, { stream: aStream, view: aView, rows, route: { stream: 'trades', view: 'per-minute' } })

  it('say of each whether it is final, and show a value that is not there as such', () => {
    expect(words(of(row('A', true), row('B', false)))).toContain('A 19:23 – 19:24 ● final 3 – B 19:23 – 19:24 ○ provisional 3 –')
  })

  it('lead to the page of their group, whatever its name', () => {
    expect(page(of(row('A/B%', true)))).toContain('href="#/trades/per-minute/A%2FB%25"')
  })
})

describe('the line', () => {
  it('shows each hop with what is known there, and the equations', () => {
    const text = words(createElement(LinePanel, { stream: aStream, at: Date.parse('2026-11-22T19:23:48.700Z'), agedMs: 1_300, stale: null }))
    for (const part of ['Source', 'fetched 32,276', 'watermark 2026-11-22 19:23:38', 'final until 2026-11-22 19:23:36', 'partition 0 17,937, lag 63', 'stored 2.0 s ago', 'rows behind 2.0 s', '✓ 32,276 fetched = 32,162 fresh + 110 repeated + 4 rejected']) expect(text).toContain(part)
  })

  it('says of an equation that does not hold that it does not', () => {
    expect(words(createElement(LinePanel, { stream: { ...aStream, counts: { ...aStream.counts, late: 0 } }, at: 0, agedMs: 0, stale: null }))).toContain('This equation does not hold.')
  })
})

describe('the streams', () => {
  it('each have their state in a word, and the chosen one is marked for a reader, too', () => {
    const other = { ...aStream, name: 'quakes' }
    const list = createElement(StreamList, { streams: [aStream, other], chosen: other, stateOf: () => ({ tone: 'slow' as const, word: 'behind 12 s', sentence: 'Rows are behind.' }) })
    expect(words(list)).toContain('quakes v1 behind 12 s')
    expect(page(list)).toMatch(/href="#\/quakes\?version=1" aria-current="page"/)
  })
})

describe('a problem', () => {
  it('is shown with what is wrong in each part, what there is instead, and what finds it in the log', () => {
    const text = words(createElement(ProblemNote, { problem: problemOf({ code: 'request_refused', title: 'The request is not valid', detail: 'id is missing.', errors: ['id is missing.'], exists: ['/v1/trades'], correlationId: 'c1' }), whatToDo: 'Mend it.' }))
    expect(text.trim()).toBe('The request is not valid. id is missing. Mend it. There is /v1/trades. Correlation id c1')
  })
})

describe('an event', () => {
  it('is shown with its place and the rows that count it', () => {
    const text = words(createElement(EventFound, { event: anEvent, stream: aStream }))
    for (const part of ['page 17 of epoch 3', 'trades.v1, partition 1, offset 31,041', 'per-minute ALDR 19:23 – 19:24 136 provisional, generation 3']) expect(text).toContain(part)
  })
})
