import { describe, expect, it } from '@jest/globals'
import type { MappingStep } from '@millrace/cassandra'
import { applyMapping, mappingProblem } from './mapping.ts'

const record = { a: { b: 1, 'x/y': 2, 'm~n': 3 }, list: [1, 2, 3], none: null }

describe('a mapping', () => {
  it.each<[string, readonly MappingStep[], unknown]>([
    ['sets what is there and what is not', [{ op: 'set', path: '/a/b', value: 'x' }, { op: 'set', path: '/new/deep', value: 1 }], { ...record, a: { ...record.a, b: 'x' }, new: { deep: 1 } }],
    ['reads the escapes of a pointer', [{ op: 'remove', path: '/a/x~1y' }, { op: 'remove', path: '/a/m~0n' }], { ...record, a: { b: 1 } }],
    ['renames what is there', [{ op: 'rename', from: '/a/b', path: '/c' }, { op: 'rename', from: '/nope', path: '/d' }], { ...record, a: { 'x/y': 2, 'm~n': 3 }, c: 1 }],
    ['gives a default to what is absent or null', [{ op: 'default', path: '/none', value: 0 }, { op: 'default', path: '/a/b', value: 0 }, { op: 'default', path: '/e', value: 0 }], { ...record, none: 0, e: 0 }],
    ['reaches into lists', [{ op: 'remove', path: '/list/0' }, { op: 'set', path: '/list/0', value: 9 }, { op: 'set', path: '/list/-', value: 4 }, { op: 'set', path: '/list/99', value: 0 }], { ...record, list: [9, 3, 4] }],
    ['sets nothing below a value that is none', [{ op: 'set', path: '/a/b/c', value: 1 }], record],
  ])('%s', (_, mapping, expected) => {
    const before = structuredClone(record)
    expect(applyMapping(record, mapping)).toEqual(expected)
    expect(record).toEqual(before)
    expect(mappingProblem(mapping)).toBeNull()
  })

  it('applied to what is no object changes nothing and throws nothing', () => {
    for (const value of [null, 7, 'text', true]) expect(applyMapping(value, [{ op: 'set', path: '/a/b', value: 1 }, { op: 'remove', path: '/a' }])).toEqual(value ?? {})
  })

  it.each([
    ['no list', {}, 'it must be a list'], ['no step', [1], 'step 0: it must be an object'], ['an unknown op', [{ op: 'test', path: '/a' }], 'op must be'], ['an unknown member', [{ op: 'remove', path: '/a', code: 'x' }], '"code" is not known'],
    ['set without a value', [{ op: 'set', path: '/a' }], 'set needs a value'], ['remove with one', [{ op: 'remove', path: '/a', value: 1 }], 'remove takes no value'], ['rename without from', [{ op: 'rename', path: '/a' }], 'rename needs from'],
    ['no pointer', [{ op: 'remove', path: 'a' }], 'path must be a JSON Pointer'], ['the whole record', [{ op: 'set', path: '', value: 1 }], 'path must be a JSON Pointer'], ['a broken escape', [{ op: 'remove', path: '/a~2' }], 'path must be a JSON Pointer'],
    ['a prototype', [{ op: 'set', path: '/__proto__/x', value: 1 }], 'path may not name __proto__'], ['a prototype to rename', [{ op: 'rename', from: '/constructor', path: '/a' }], 'from may not name constructor'],
    ['too deep a pointer', [{ op: 'remove', path: '/a'.repeat(17) }], '17 levels'], ['too many steps', Array.from({ length: 33 }, () => ({ op: 'remove', path: '/a' })), '33 steps'],
  ])('with %s is refused: it says which step, and why', (_, mapping, problem) => {
    expect(mappingProblem(mapping)).toContain(problem)
  })
})
