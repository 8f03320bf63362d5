import { describe, expect, it } from '@jest/globals'
import { readEventQuery } from './event-query.ts'

describe('an event that is asked for by its fields', () => {
  it('has the id that libs/kafka gives it: event-record.spec.ts there has the same one', () => {
    const quakes = { name: 'quakes', version: 1, id: ['id'], event: { id: { kind: 'text' as const, isOptional: false } } }
    expect(readEventQuery(quakes, null, { id: 'ci1' })).toEqual({ id: 'QQ6f4XBtHiifTIaF-BejSw', time: null })
  })
})
