import cassandra from 'cassandra-driver'
import { describe, expect, it } from '@jest/globals'
import { maybeNumber, numberOf, rowOf, textOf } from './row.ts'

const { Long, LocalDate, Uuid } = cassandra.types

describe('a row', () => {
  it('is plain data: whole numbers, epoch milliseconds, days as text', () => {
    const bytes = Buffer.from([0, 255])
    expect(rowOf({
      offset: Long.fromNumber(Number.MAX_SAFE_INTEGER), before: Long.fromNumber(-5), day: LocalDate.fromString('2018-02-01'), at: new Date(1_517_443_200_000),
      unit: Uuid.fromString('6f9619ff-8b86-d011-b42d-00cf4fc964ff'), mean: 0.1, bytes, isOn: false, nothing: null, unset: undefined, list: [Long.fromNumber(1), 'a'],
    })).toEqual({
      offset: Number.MAX_SAFE_INTEGER, before: -5, day: '2018-02-01', at: 1_517_443_200_000, unit: '6f9619ff-8b86-d011-b42d-00cf4fc964ff', mean: 0.1, bytes, isOn: false, nothing: null, unset: null, list: [1, 'a'],
    })
  })

  it('is refused where a whole number is too large to be exact, rather than rounded', () => {
    expect(() => rowOf({ offset: Long.fromString('9007199254740993') })).toThrow('column offset: found 9007199254740993')
  })

  it('says which column lacks what was asked for', () => {
    expect(() => numberOf({ seq: null }, 'seq')).toThrow('column seq: found nothing instead of a number')
    expect(() => textOf({ owner: 5 }, 'owner')).toThrow('column owner: found a number instead of a text')
    expect(maybeNumber({ seq: null }, 'seq')).toBeNull()
  })
})
