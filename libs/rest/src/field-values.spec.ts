import { bool, instant, int, real, text, uuid, type FieldKind, type FieldSpec } from '@millrace/stream-kit'
import { describe, expect, it } from '@jest/globals'
import { exampleOf, readInstant, readValue, valueSchema, writeValue, type FieldValue } from './field-values.ts'

const kinds: Record<FieldKind, { field: FieldSpec; good: Record<string, FieldValue>; bad: string[] }> = {
  text: { field: text({ maxLength: 3 }), good: { ci: 'ci', 'a/b': 'a/b', 'ü€': 'ü€' }, bad: ['', 'four'] },
  uuid: { field: uuid(), good: { '0F8FAD5B-D9CB-469F-A165-70867728950E': '0f8fad5b-d9cb-469f-a165-70867728950e' }, bad: ['', '0f8fad5bd9cb469fa16570867728950e', '0f8fad5b-d9cb-469f-a165-70867728950g'] },
  int: { field: int(), good: { '42': 42, '-1': -1, '0': 0, '9007199254740991': 9007199254740991 }, bad: ['', '1.0', '1e3', '0x10', ' 1', '01', '9007199254740992', 'NaN'] },
  real: { field: real(), good: { '3.1': 3.1, '-1e-3': -0.001, '0': 0 }, bad: ['', '1e400', 'Infinity', '.5', '1,5', 'NaN'] },
  bool: { field: bool(), good: { true: true, false: false }, bad: ['', '1', 'True', 'yes'] },
  instant: {
    field: instant(),
    good: { '2018-02-01T00:00:00Z': 1517443200000, '2018-02-01T01:00:00.250+01:00': 1517443200250, '1969-12-31T23:59Z': -60000 },
    bad: ['', '2018-02-01', '1517443200000', '2018-02-01T00:00:00', '2018-02-30T00:00:00Z', '2018-13-01T00:00:00Z', '0000-01-01T00:00:00Z', '2018-02-01T00:00:60Z', '2018-02-01T01:00:00 01:00'],
  },
}

describe.each(Object.entries(kinds))('a %s', (kind, { field, good, bad }) => {
  it.each(Object.entries(good))('is read from %s', (written, value) => {
    expect(readValue(written, field)).toEqual({ value })
  })

  it.each(bad)("is not read from '%s', and the answer says what is expected and what to do", (written) => {
    expect(readValue(written, field)).toEqual({ expected: expect.stringMatching(/./), cure: expect.stringMatching(/\.$/) })
  })

  it('is read back from how it is written', () => {
    for (const value of Object.values(good)) expect(readValue(String(writeValue(value, field.kind)), field)).toEqual({ value })
  })

  it('has a schema and an example of its type', () => {
    expect(valueSchema(field)['type']).toBe({ number: kind === 'int' ? 'integer' : 'number', string: 'string', boolean: 'boolean' }[typeof exampleOf(field.kind) as 'string'])
  })
})

it('says how to write a plus sign that became a space', () => {
  expect(readInstant('2018-02-01T01:00:00 01:00')).toMatchObject({ cure: expect.stringContaining('%2B') })
})

it('shows instants in UTC to the millisecond', () => {
  expect(writeValue(1517443200000, 'instant')).toBe('2018-02-01T00:00:00.000Z')
})
