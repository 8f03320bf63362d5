import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { it } from 'node:test'
import { startTicks } from './processes.mjs'
import { eventually } from './scratch.mjs'
import { makeTether } from './tether.mjs'

const tether = new URL('tether.mjs', import.meta.url).href

/** A launcher with one child that does not listen to TERM and has one of its own; prints the numbers of both. */
const launcher = (how) => `
  import { spawn } from 'node:child_process'
  import { makeTether } from '${tether}'
  const tether = await makeTether('${how}')
  const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); const own = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); console.log(process.pid + " " + own.pid)'
  const { file, args } = tether.wrap({ file: process.execPath, args: ['-e', script] })
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
  tether.tie(child.pid)
  setInterval(() => {}, 1000)`

for (const how of ['kernel', 'guard']) {
  it(`leaves no orphan after kill -9 of the launcher (${how})`, async (t) => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', launcher(how)], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.after(() => parent.kill('SIGKILL'))
    const [line] = await once(parent.stdout, 'data')
    const children = String(line).split(' ').map(Number)
    t.after(() => { for (const child of children) if (startTicks(child) !== undefined) process.kill(child, 'SIGKILL') })
    assert.ok(children.length === 2 && children.every((child) => startTicks(child) !== undefined))
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await eventually('both are gone', () => children.every((child) => startTicks(child) === undefined))
  })
}

it('lets the guard forget a child that has ended', async (t) => {
  const guarded = await makeTether('guard')
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  t.after(() => bystander.kill())
  guarded.tie(bystander.pid)
  guarded.untie(bystander.pid)
  guarded.end()
  await once(guarded.process, 'exit')
  assert.ok(startTicks(bystander.pid) !== undefined)
})
