import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readFlags } from './flags.mjs'

const folder = mkdtempSync(join(tmpdir(), 'millrace-flags-'))
const state = join(folder, 'state')
after(() => rmSync(folder, { recursive: true }))

const call = (command, ...args) => spawnSync(process.execPath, [fileURLToPath(new URL(`../${command}.mjs`, import.meta.url)), ...args], { encoding: 'utf8', env: { ...process.env, MILLRACE_STATE: state } })

it('gives the flags that are known', () => {
  assert.deepEqual([...readFlags('usage', ['--a', '--b'], ['--b'])], ['--b'])
  assert.throws(() => readFlags('npm run x [-- --a]', ['--a'], ['--a', '--c']), { message: '--c is not known.\nnpm run x [-- --a]' })
})

for (const command of ['start', 'status', 'stop', 'reset', 'logs', 'doctor']) {
  it(`${command} does nothing when it does not know a flag, and says how it is used`, () => {
    const { status, stderr } = call(command, '--dry-run')
    assert.equal(status, 1)
    assert.match(stderr, new RegExp(`^--dry-run is not known\\.\\s+npm (start|run ${command})`))
    assert.deepEqual(readdirSync(folder), [])
  })

  it(`${command} --help says how it is used`, () => {
    const { status, stdout } = call(command, '--help')
    assert.equal(status, 0)
    assert.match(stdout, new RegExp(`^npm (start|run ${command})`))
    assert.deepEqual(readdirSync(folder), [])
  })
}
