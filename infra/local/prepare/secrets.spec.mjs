import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { makeSecrets, readSecret } from './secrets.mjs'

const mode = (path) => (statSync(path).mode & 0o777).toString(8)
const all = (state) => ['secrets', 'keys'].flatMap((folder) => readdirSync(join(state, folder)).map((name) => join(state, folder, name)))

it('lets nobody but the owner read them', async () => {
  const state = scratch()
  await makeSecrets(state)
  for (const folder of [state, join(state, 'secrets'), join(state, 'keys')]) assert.equal(mode(folder), '700', folder)
  assert.equal(all(state).length, 16)
  for (const file of all(state)) assert.equal(mode(file), '600', file)
})

it('closes a file again that was opened to others', async () => {
  const state = scratch()
  await makeSecrets(state)
  chmodSync(join(state, 'keys/admin'), 0o644)
  await makeSecrets(state)
  assert.equal(mode(join(state, 'keys/admin')), '600')
})

it('keeps them from one start to the next, and makes others elsewhere', async () => {
  const [state, other] = [scratch(), scratch()]
  await makeSecrets(state)
  const token = await readSecret(state, 'spark-connect-token')
  await makeSecrets(state)
  await makeSecrets(other)
  assert.equal(await readSecret(state, 'spark-connect-token'), token)
  assert.notEqual(await readSecret(other, 'spark-connect-token'), token)
})

it('gives services hashes of the keys, not the keys', async () => {
  const state = scratch()
  await makeSecrets(state)
  const text = readFileSync(join(state, 'keys/verify.json'), 'utf8')
  for (const { id, sha256, scopes, expires } of JSON.parse(text)) {
    const key = readFileSync(join(state, 'keys', id), 'utf8')
    assert.match(key, new RegExp(`^${id}\\.[\\w-]{43}$`))
    assert.equal(sha256, createHash('sha256').update(key).digest('hex'))
    assert.ok(!text.includes(key.split('.')[1]))
    assert.equal(scopes.length, 1)
    assert.equal(expires, null)
  }
})
