import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { endCommands, run } from './run.mjs'
import { eventually, scratch } from './scratch.mjs'

const node = (script) => run(process.execPath, ['-e', script], { about: 'trying' })

describe('a command', () => {
  it('answers what it printed', async () => {
    assert.equal(await node('console.log("done")'), 'done\n')
  })

  it('that fails shows its last lines, and what it was for', async () => {
    await assert.rejects(node('console.error("no room"); process.exit(3)'), /^Error: trying: .* ended with code 3\.\nno room$/)
  })

  it('that cannot be started says so', async () => {
    await assert.rejects(run('/nowhere/at-all', [], { about: 'trying' }), /trying: \/nowhere\/at-all could not be started/)
  })

  it('that is ended has ended when that is said', async () => {
    const folder = scratch()
    const file = (name) => join(folder, name)
    // It takes a while to clean up, as npm does.
    const cleansUp = `process.on('SIGTERM', () => setTimeout(() => { write('closed'); process.exit(1) }, 300))`
    const failed = assert.rejects(node(`const write = (name) => require('node:fs').writeFileSync(${JSON.stringify(`${folder}/`)} + name, ''); ${cleansUp}; setInterval(() => {}, 1000); write('open')`), /ended with/)
    await eventually('the command has begun', () => existsSync(file('open')))
    await endCommands()
    assert.ok(existsSync(file('closed')))
    await failed
  })
})
