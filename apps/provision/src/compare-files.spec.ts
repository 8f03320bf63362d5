import { expect, it } from '@jest/globals'
import { compareFiles } from './compare-files.ts'

const files = [{ path: 'generated/a.json', text: 'one\ntwo\n' }, { path: 'generated/b.json', text: 'b\n' }]

it('finds nothing where every file reads as it should', () => {
  expect(compareFiles(files, new Map(files.map(({ path, text }) => [path, text])))).toEqual([])
})

it('names what is missing, what differs with its first line, and what nothing makes any more', () => {
  expect(compareFiles(files, new Map([['generated/a.json', 'one\n2\n'], ['generated/old.json', '']]))).toEqual([
    { path: 'generated/a.json', problem: 'differs', line: { number: 2, found: '2', expected: 'two' } },
    { path: 'generated/b.json', problem: 'missing' },
    { path: 'generated/old.json', problem: 'left over' },
  ])
})

it.each([['one\ntwo\nthree\n', { number: 3, found: 'three', expected: '' }], ['one\n', { number: 2, found: '', expected: 'two' }], ['one\ntwo', { number: 3, found: 'the end', expected: '' }]])('sees a text that is longer or shorter: %p', (found, line) => {
  expect(compareFiles(files.slice(0, 1), new Map([['generated/a.json', found]]))).toEqual([{ path: 'generated/a.json', problem: 'differs', line }])
})
