import assert from 'node:assert/strict'
import { appendFileSync, closeSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { lastLines, openLog, trimLog } from './log-file.mjs'
import { scratch } from './scratch.mjs'

it('gives the last lines, whole ones only', () => {
  const file = join(scratch(), 'a.log')
  writeFileSync(file, Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''))
  assert.deepEqual(lastLines(file, 2), ['line 19998', 'line 19999'])
  assert.match(lastLines(file, 1_000_000)[0], /^line \d+$/)
})

it('gives nothing that was there before this start', () => {
  const file = join(scratch(), 'a.log')
  writeFileSync(file, 'an old complaint\n')
  const { fd, from } = openLog(file)
  closeSync(fd)
  assert.deepEqual(lastLines(file, 10, from), [])
  appendFileSync(file, 'a new one\n')
  assert.deepEqual(lastLines(file, 10, from), ['a new one'])
})

it('knows no lines of a log that does not exist', () => {
  assert.deepEqual(lastLines(join(scratch(), 'none.log'), 10), [])
})

it('cuts a large log that a process has open, which goes on at its start', () => {
  const file = join(scratch(), 'a.log')
  const { fd } = openLog(file)
  appendFileSync(fd, 'much '.repeat(100))
  trimLog(file, 100)
  appendFileSync(fd, 'more\n')
  closeSync(fd)
  assert.equal(readFileSync(file, 'utf8'), 'more\n')
  assert.equal(statSync(`${file}.1`).size, 500)
  assert.equal(statSync(file).mode & 0o777, 0o600)
})
