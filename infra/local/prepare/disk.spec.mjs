import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { freeBytes, needDisk } from './disk.mjs'

it('looks where a folder will lie', () => {
  const folder = scratch()
  assert.ok(freeBytes(join(folder, 'not/yet/there')) > 0)
})

it('says how much is missing, where, and what helps', () => {
  const folder = scratch()
  assert.doesNotThrow(() => needDisk(folder, 1))
  assert.throws(() => needDisk(folder, 2 ** 62), (error) => error.message.includes(folder) && /are needed.*MILLRACE_STATE/.test(error.message))
})
