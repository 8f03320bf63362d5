import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { stopLeftovers } from './leftovers.mjs'
import { startTicks } from './processes.mjs'
import { readRunFile, writeRunFile } from './run-file.mjs'
import { scratch } from './scratch.mjs'

const sleeper = (script, options) => {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000); console.log('up')`], { stdio: ['ignore', 'pipe', 'inherit'], ...options })
  return once(child.stdout, 'data').then(() => child)
}

it('stops what an earlier launcher has left, also what does not listen to TERM', async () => {
  const run = join(scratch(), 'run')
  const children = [await sleeper(''), await sleeper('process.on("SIGTERM", () => {})')]
  const ends = children.map((child) => once(child, 'exit'))
  children.forEach(({ pid }, i) => writeRunFile(run, `child-${i}`, { pid, ticks: startTicks(pid), state: 'ready' }))
  assert.deepEqual((await stopLeftovers({ run, state: run }, 300)).sort(), ['child-0', 'child-1'])
  assert.deepEqual((await Promise.all(ends)).map(([, signal]) => signal), ['SIGTERM', 'SIGKILL'])
  assert.equal(readRunFile(run, 'child-0').state, 'stopped')
})

it('ends what outlives a process that was killed', async (t) => {
  const state = scratch()
  const run = join(state, 'run')
  const script = "const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(child.pid); setInterval(() => {}, 1000)"
  const leader = spawn(process.execPath, ['-e', script], { cwd: state, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const child = Number(String((await once(leader.stdout, 'data'))[0]))
  t.after(() => { if (startTicks(child) !== undefined) process.kill(child, 'SIGKILL') })
  writeRunFile(run, 'airflow-scheduler', { pid: leader.pid, ticks: startTicks(leader.pid), state: 'ready' })
  leader.kill('SIGKILL')
  await once(leader, 'exit')
  assert.deepEqual(await stopLeftovers({ run, state }), ['airflow-scheduler'])
  assert.equal(startTicks(child), undefined)
  assert.deepEqual(await stopLeftovers({ run, state }), [])
})

it('touches nobody who only has the same number', async (t) => {
  const state = scratch()
  const run = join(state, 'run')
  const stranger = await sleeper('', { detached: true })
  t.after(() => stranger.kill())
  writeRunFile(run, 'kafka', { pid: stranger.pid, ticks: startTicks(stranger.pid) - 1 })
  assert.deepEqual(await stopLeftovers({ run, state }), [])
  assert.ok(startTicks(stranger.pid) !== undefined)
})
