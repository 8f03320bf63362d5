import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { Line } from '../line/line.ts'
import { guideBlocks } from './guide-blocks.ts'
import { runBlock } from './run-block.ts'

const folder = mkdtempSync(join(tmpdir(), 'guide-'))
const line = new Line({ root: folder, state: join(folder, 'state'), portOffset: 700 })
const guide = join(folder, 'guide.md')
mkdirSync(line.state)
afterAll(() => { rmSync(folder, { recursive: true }) })

const read = (text: string) => {
  writeFileSync(guide, text)
  return guideBlocks(guide)
}

it('finds the blocks of a guide with their language, their file and their line', () => {
  expect(read('# A\n\n```ts title="a.ts"\nconst a = 1\n```\n\n```sh\nls\npwd\n```\n')).toEqual([
    { language: 'ts', title: 'a.ts', text: 'const a = 1\n', line: 3 },
    { language: 'sh', title: null, text: 'ls\npwd\n', line: 7 },
  ])
})

it('refuses a fence that it cannot read and a block that is not closed: a step would be left out', () => {
  expect(() => read('```\nls\n```\n')).toThrow(/guide\.md:1: cannot read/)
  expect(() => read('```sh\nls\n')).toThrow(/guide\.md:1: the block is not closed/)
})

it('writes a file, edits it, and runs commands with the ports of the line', async () => {
  const [write, edit, command] = read('```ts title="a.ts"\none\n\ntwo\n```\n```diff title="a.ts"\n one\n\n-two\n+three\n```\n```sh\necho 127.0.0.1:13009\n```\n')
  if (!write || !edit || !command) throw new Error('expected three blocks')
  await runBlock(line, write)
  await runBlock(line, edit)
  expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('one\n\nthree\n')
  expect(await runBlock(line, command)).toBe('127.0.0.1:13709\n')
  await expect(runBlock(line, edit)).rejects.toThrow(/has changed/)
  await expect(runBlock(line, write)).rejects.toThrow(/is there already/)
})

it('fails with what a command has printed', async () => {
  const [command] = read('```sh\necho so far; false; echo never\n```\n')
  if (!command) throw new Error('expected a block')
  await expect(runBlock(line, command)).rejects.toThrow(/code 1\.\nso far\n$/)
})
