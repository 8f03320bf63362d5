import { describe, expect, it } from '@jest/globals'
import { aLedger, anHour } from '../api/answers.fixture.ts'
import type { LedgerAnswer } from '../api/answers.ts'
import { problemOf } from '../api/problem.ts'
import type { Read } from '../api/read-json.ts'
import { differenceText, hourLabel, hourName, summaryText } from './ledger-words.ts'
import { readLedger, unbalancedOf } from './read-ledger.ts'

describe('an equation that does not hold', () => {
  it.each([
    ['fetched = fresh + repeated + rejected', 100, 99, 'The source returned 100 records, and 99 were judged fresh, repeated or rejected: 1 missing.'],
    ['fresh = published + late', 1, 3, '1 record came for the first time, and 3 were published or kept as late: 2 too many.'],
    ['published = aggregated', 3_600, 3_598, '3,600 events were published, and the rows count 3,598: 2 missing.'],
    ['published + included = aggregated', 10, 11, '10 events were published or included, and the rows count 11: 1 too many.'],
    ['aggregated = Σ per-10-seconds', 3_598, 3_597, 'The row of the hour counts 3,598 events, and the rows of per-10-seconds add up to 3,597: 1 missing.'],
    ['apples = pears', 2, 1, 'apples is 2, and pears is 1: 1 missing.'],
  ])('is told in words: %s', (equation, left, right, text) => {
    expect(differenceText({ equation, left, right })).toBe(text)
  })
})

describe('an hour', () => {
  it('is named by its time, and the records without one by that', () => {
    expect([hourName(anHour), hourLabel(anHour), hourName({ bucket: 'none' }), hourLabel({ bucket: 'none' })]).toEqual(['2026-11-22 18:00:00 – 19:00:00', '18', 'Records without a readable event time', '–'])
  })
})

describe('the ledger', () => {
  it('is summed up with the worst first, and without states that no hour is in', () => {
    expect(summaryText([{ state: 'open' }, { state: 'balanced' }, { state: 'unbalanced' }, { state: 'balanced' }])).toBe('4 hours: 1 unbalanced, 2 balanced, 1 open.')
    expect(summaryText([])).toBe('No hour is on the books yet.')
  })

  const pages = (...answers: (LedgerAnswer | null)[]): { readonly asked: string[]; readonly read: Read } => {
    const asked: string[] = []
    const read = (path: string) => {
      const answer = answers[asked.push(path) - 1] ?? null
      return Promise.resolve(answer ? { value: answer, serverNow: 0 } : { problem: problemOf({ code: 'store_slow', title: '', detail: '', status: 503 }) })
    }
    return { asked, read: read as Read }
  }
  const page = (state: 'balanced' | 'unbalanced', next: string | null): LedgerAnswer => ({ ...aLedger, data: [{ ...anHour, state }], page: { next } })

  it('is read to its last page, where the newest hours are', async () => {
    const { asked, read } = pages(page('unbalanced', 'a b'), page('balanced', null))
    const reading = await readLedger(read, { name: 'trades', version: 1 }, new AbortController().signal)
    expect(asked).toEqual(['v1/streams/trades/ledger?version=1', 'v1/streams/trades/ledger?cursor=a%20b&version=1'])
    expect('value' in reading && [reading.value.data.map(({ state }) => state), unbalancedOf(reading.value)]).toEqual([['unbalanced', 'balanced'], 1])
  })

  it('of which a page cannot be read is not shown as if it were whole', async () => {
    expect(await readLedger(pages(page('balanced', 'x'), null).read, { name: 'trades', version: 1 }, new AbortController().signal)).toMatchObject({ problem: { code: 'store_slow' } })
  })
})
