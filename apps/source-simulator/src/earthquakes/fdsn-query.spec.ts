import { describe, expect, it } from '@jest/globals'
import { FdsnRefusal, parseFdsnQuery } from './fdsn-query.ts'

const now = Date.parse('2018-02-03T00:00:00Z')
const parse = (query: Record<string, unknown>): ReturnType<typeof parseFdsnQuery> => parseFdsnQuery({ format: 'geojson', ...query }, now)

describe('parseFdsnQuery', () => {
  it('fills in what the service does: thirty days up to now, newest first, at most 20,000', () => {
    expect(parse({})).toEqual({ starttime: now - 30 * 86_400_000, endtime: now, updatedafter: -Infinity, minmagnitude: -Infinity, orderby: 'time', limit: 20_000, offset: 1, given: {} })
  })

  it.each([
    ['2018-02-01', '2018-02-01T00:00:00.000Z'], ['2018-02-01T10:20', '2018-02-01T10:20:00.000Z'], ['2018-02-01T10:20:30', '2018-02-01T10:20:30.000Z'], ['2018-02-01 10:20:30.5', '2018-02-01T10:20:30.500Z'],
    ['2018-02-01T10:20:30Z', '2018-02-01T10:20:30.000Z'], ['2018-02-01T10:20:30+02:00', '2018-02-01T08:20:30.000Z'], ['2018-02-01T10:20:30 02:00', '2018-02-01T08:20:30.000Z'], ['2018-02-01T10:20:30-02:00', '2018-02-01T12:20:30.000Z'],
  ])('reads the time %s', (text, iso) => {
    expect(new Date(parse({ starttime: text }).starttime).toISOString()).toBe(iso)
  })

  it('reads the rest', () => {
    expect(parse({ limit: '500', offset: '1001', orderby: 'time-asc', minmagnitude: '-0.5', updatedafter: '2018-02-01' })).toMatchObject({
      limit: 500, offset: 1_001, orderby: 'time-asc', minmagnitude: -0.5, updatedafter: Date.parse('2018-02-01'), given: { limit: 500, offset: 1_001 },
    })
  })

  it.each<[Record<string, unknown>, string]>([
    [{ format: 'xml' }, 'Bad format value "xml".'], [{ format: undefined }, 'Bad format value "".'],
    [{ limit: '0' }, 'Bad limit value "0".'], [{ limit: '20001' }, 'Bad limit value "20001".'], [{ limit: '1.5' }, 'Bad limit value'], [{ limit: '' }, 'Bad limit value'], [{ limit: '-1' }, 'Bad limit value'],
    [{ offset: '0' }, 'Bad offset value "0".'], [{ offset: 'x' }, 'Bad offset value'],
    [{ orderby: 'magnitude' }, 'Bad orderby value "magnitude".'], [{ minmagnitude: 'big' }, 'Bad minmagnitude value'],
    [{ starttime: 'yesterday' }, 'Bad starttime value "yesterday".'], [{ starttime: '2018-13-01' }, 'Bad starttime value'], [{ endtime: '1517443200000' }, 'Bad endtime value'], [{ updatedafter: '' }, 'Bad updatedafter value'],
    [{ limit: ['1', '2'] }, 'Parameter "limit" may be given only once.'], [{ eventtype: 'earthquake' }, 'Unknown parameter "eventtype".'],
  ])('refuses %j', (query, message) => {
    expect(() => parse(query)).toThrow(FdsnRefusal)
    expect(() => parse(query)).toThrow(message)
  })
})
