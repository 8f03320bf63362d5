import { describe, expect, it } from '@jest/globals'
import type { ViewAnswer } from '../api/answers.ts'
import { groupKey, numberOf, readWindowRow } from './window-row.ts'

const view: Pick<ViewAnswer, 'by' | 'measures'> = { by: ['network', 'kind'], measures: [{ name: 'strongest', kind: 'real', isOptional: true }, { name: 'place', kind: 'text', isOptional: true }] }
const answer = { network: 'ci', kind: 4, windowStart: '2018-02-01T00:00:00.000Z', windowEnd: '2018-02-01T01:00:00.000Z', events: 12, strongest: 3.1, place: null, final: true }

describe('a row', () => {
  it('is read with its group in declared order, and its measures by name', () => {
    const start = Date.parse('2018-02-01T00:00:00Z')
    expect(readWindowRow(view, answer)).toEqual({ key: '["ci",4]', group: ['ci', 4], start, end: start + 3_600_000, events: 12, measures: { strongest: 3.1, place: null }, isFinal: true })
  })

  it('without a window or a count is none', () => {
    expect([readWindowRow(view, {}), readWindowRow(view, { ...answer, windowEnd: 'soon' }), readWindowRow(view, { ...answer, events: null })]).toEqual([null, null, null])
  })

  it('has a number only for what is one', () => {
    const row = readWindowRow(view, answer)
    expect(row && ['events', 'strongest', 'place', 'unknown'].map((name) => numberOf(row, name))).toEqual([12, 3.1, null, null])
  })

  it('has a key that no value of another group can imitate', () => {
    expect(groupKey(['a","b'])).not.toBe(groupKey(['a', 'b']))
  })
})
