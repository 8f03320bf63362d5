import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scratch } from '../../local/process/scratch.mjs'
import { handOut } from './hand-out.mjs'

it('writes files that the group can read and nobody can write', async () => {
  const folder = scratch()
  assert.deepEqual(await handOut(folder, { token: 'a', conf: 'b' }), ['token', 'conf'])
  assert.equal((await stat(join(folder, 'token'))).mode & 0o777, 0o440)
  assert.equal(await readFile(join(folder, 'conf'), 'utf8'), 'b')
})

it('names what has changed, and leaves the rest alone', async () => {
  const folder = scratch()
  await handOut(folder, { token: 'a', conf: 'b' })
  const { ino } = await stat(join(folder, 'token'))
  assert.deepEqual(await handOut(folder, { token: 'a', conf: 'c' }), ['conf'])
  assert.equal((await stat(join(folder, 'token'))).ino, ino)
})

it('removes what is no longer handed out', async () => {
  const folder = scratch()
  await writeFile(join(folder, 'old-password'), 'x')
  await handOut(folder, { token: 'a' })
  assert.deepEqual(await readdir(folder), ['token'])
})

it('makes folders for files that are asked for in some, and forgets the files of others', async () => {
  const folder = scratch()
  await handOut(folder, { 'rules/a.yml': 'a', 'old/b.yml': 'b' })
  assert.deepEqual(await handOut(folder, { 'rules/a.yml': 'a', 'rules/c.yml': 'c' }), ['rules/c.yml'])
  assert.equal((await stat(join(folder, 'rules'))).mode & 0o777, 0o750)
  assert.deepEqual((await readdir(join(folder, 'rules'))).sort(), ['a.yml', 'c.yml'])
  assert.deepEqual(await readdir(join(folder, 'old')), [])
})
