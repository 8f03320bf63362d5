import { describe, expect, it } from '@jest/globals'
import { above, atLeast, below, minus, not, oneOf, plus, present, times, type Condition, type FieldSpecs } from '@millrace/stream-kit'
import { conditionSql } from './condition-sql.ts'
import { fieldCheck, fieldDdl, fieldText } from './field-sql.ts'
import { numberFields, numberSql } from './number-sql.ts'
import { sqlInt, sqlName, sqlReal, sqlText } from './sql-text.ts'

const event: FieldSpecs = {
  n: { kind: 'int', isOptional: false }, x: { kind: 'real', isOptional: true }, s: { kind: 'text', isOptional: false },
  u: { kind: 'uuid', isOptional: false }, b: { kind: 'bool', isOptional: false }, at: { kind: 'instant', isOptional: false },
}

describe('text in SQL', () => {
  it('cannot end its literal or its name', () => {
    expect(sqlText("it's \\ 'x'")).toBe("'it\\'s \\\\ \\'x\\''")
    expect(sqlName('a`b')).toBe('`a``b`')
  })

  it('writes numbers so that no sign can meet another', () => {
    expect([sqlReal(1.5), sqlReal(-2), sqlReal(1e21), sqlReal(-0), sqlInt(7), sqlInt(-7)]).toEqual(['1.5D', '(-2D)', '1e+21D', '(-0D)', '7L', '(-7L)'])
  })
})

describe('a number expression', () => {
  it('of whole numbers is calculated exactly and cannot fail', () => {
    expect(numberSql(plus('n', times('n', 3)), event)).toBe('try_add(CAST(`n` AS DECIMAL(38,0)), try_multiply(CAST(`n` AS DECIMAL(38,0)), CAST(3 AS DECIMAL(38,0))))')
  })

  it('with a real part is a double, its whole parts exact until they meet it', () => {
    expect(numberSql(minus('x', 1.5), event)).toBe('(`x` - 1.5D)')
    expect(numberSql(times('x', minus('n', 'n')), event)).toBe('(`x` * CAST(try_subtract(CAST(`n` AS DECIMAL(38,0)), CAST(`n` AS DECIMAL(38,0))) AS DOUBLE))')
  })

  it('refuses a whole constant that no system of the line holds exactly', () => {
    expect(() => numberSql(plus('n', 2 ** 53), event)).toThrow(expect.objectContaining({ code: 'plan_number_refused' }))
  })

  it('knows its fields', () => {
    expect(numberFields(plus('n', times('x', 3)))).toEqual(['n', 'x'])
  })
})

describe('a condition', () => {
  it.each<[Condition, string]>([
    [atLeast('x', 3), '`x` >= 3D'],
    [above('n', 3), '`n` > 3L'],
    [below('n', 2.5), '`n` < 2.5D'],
    [below('at', -1), '`at` < (-1L)'],
    [oneOf('s', ["a'b", 'c']), "`s` IN ('a\\'b', 'c')"],
    [oneOf('b', [true]), '`b` IN (true)'],
    [oneOf('n', [1, -2]), '`n` IN (1L, (-2L))'],
    [present('u'), '`u` IS NOT NULL'],
    [{ op: 'every', of: [present('x'), { op: 'some', of: [not(above('x', 1)), below('n', 0)] }] }, '(`x` IS NOT NULL AND ((NOT `x` > 1D) OR `n` < 0L))'],
  ])('%j', (condition, sql) => {
    expect(conditionSql(condition, event)).toBe(sql)
  })
})

describe('a field', () => {
  const all = (translate: (name: string) => string | null) => Object.fromEntries(Object.keys(event).map((name) => [name, translate(name)]))
  const spec = (name: string) => event[name] ?? { kind: 'text', isOptional: false }

  it('has a type, and a text for groups', () => {
    expect(all((name) => fieldDdl(name, spec(name)))).toEqual({ n: '`n` BIGINT', x: '`x` DOUBLE', s: '`s` STRING', u: '`u` STRING', b: '`b` BOOLEAN', at: '`at` BIGINT' })
    expect(all((name) => fieldText(name, spec(name)))).toEqual({ n: 'CAST(n AS STRING)', x: 'CAST(x AS STRING)', s: 's', u: 'u', b: 'CAST(b AS STRING)', at: 'CAST(at AS STRING)' })
  })

  it('is checked for what would stop the query or spoil a window; an optional one may be absent', () => {
    expect(all((name) => fieldCheck(name, spec(name)))).toEqual({
      n: 'n BETWEEN -9007199254740991L AND 9007199254740991L',
      x: '(x IS NULL OR x BETWEEN -1.7976931348623157E308D AND 1.7976931348623157E308D)',
      s: 's IS NOT NULL', u: 'u IS NOT NULL', b: 'b IS NOT NULL',
      at: 'at BETWEEN -62135596800000L AND 253402300799999L',
    })
    expect(fieldCheck('s', { kind: 'text', isOptional: true })).toBeNull()
  })
})
