import { describe, expect, it } from '@jest/globals'
import type { ViewAnswer } from '../api/answers.ts'
import { measureOf, numericMeasures } from './measure-names.ts'
import { windowChoices, windowsBack } from './windows-back.ts'

const day = 86_400_000
const view: Pick<ViewAnswer, 'measures'> = { measures: [{ name: 'last', kind: 'text', isOptional: false }, { name: 'volume', kind: 'int', isOptional: false }, { name: 'vwap', kind: 'real', isOptional: true }, { name: 'at', kind: 'instant', isOptional: true }] }

describe('a chart', () => {
  it('can draw events and every measure that is a number', () => {
    expect(numericMeasures(view)).toEqual(['events', 'volume', 'vwap'])
  })

  it('draws events where the address asks for what it cannot draw', () => {
    expect([measureOf(view, 'vwap'), measureOf(view, 'last'), measureOf(view, null)]).toEqual(['vwap', 'events', 'events'])
  })

  it('goes back as far as one query may, and at least 24 windows', () => {
    expect([windowChoices(10_000), windowChoices(day), windowChoices(30 * day)]).toEqual([[24, 60, 120, 240], [24, 60], [24]])
  })

  it('goes back as far as is asked, where that is a choice', () => {
    expect([windowsBack(120, 10_000), windowsBack(77, 10_000), windowsBack(null, 10_000), windowsBack(120, 30 * day)]).toEqual([120, 60, 60, 24])
  })
})
