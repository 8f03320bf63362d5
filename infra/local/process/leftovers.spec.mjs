import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { stopLeftovers } from './leftovers.mjs'
import { startTicks } from './processes.mjs'
import { readRunFile, writeRunFile } from './run-file.mjs'
import { scratch } from './scratch.mjs'

const sleeper = (script) => {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000); console.log('up')`], { stdio: ['ignore', 'pipe', 'inherit'] })
  return once(child.stdout, 'data').then(() => child)
}

it('stops what an earlier launcher has left, also what does not listen to TERM', async () => {
  const run = join(scratch(), 'run')
  const children = [await sleeper(''), await sleeper('process.on("SIGTERM", () => {})')]
  const ends = children.map((child) => once(child, 'exit'))
  children.forEach(({ pid }, i) => writeRunFile(run, `child-${i}`, { pid, ticks: startTicks(pid), state: 'ready' }))
  assert.deepEqual((await stopLeftovers({ run }, 300)).sort(), ['child-0', 'child-1'])
  assert.deepEqual((await Promise.all(ends)).map(([, signal]) => signal), ['SIGTERM', 'SIGKILL'])
  assert.equal(readRunFile(run, 'child-0').state, 'stopped')
})

it('touches nobody who only has the same number', async (t) => {
  const run = join(scratch(), 'run')
  const stranger = await sleeper('')
  t.after(() => stranger.kill())
  writeRunFile(run, 'kafka', { pid: stranger.pid, ticks: startTicks(stranger.pid) - 1 })
  assert.deepEqual(await stopLeftovers({ run }), [])
  assert.ok(startTicks(stranger.pid) !== undefined)
})
