import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { endOffspring, markName, offspringOf } from './offspring.mjs'
import { startTicks } from './processes.mjs'
import { scratch } from './scratch.mjs'

const idle = "setInterval(() => {}, 1000); process.on('SIGTERM', () => {})"

/** A session leader with a child in a group of its own, as a task of Airflow has; and one that has opened a session of its own. */
const family = async (t, { cwd, mark }) => {
  const script = `
    const { spawn } = require('node:child_process')
    const member = spawn(process.execPath, ['-e', ${JSON.stringify(idle)}], { env: {} })
    const gone = spawn(process.execPath, ['-e', ${JSON.stringify(idle)}], { detached: true })
    console.log(JSON.stringify({ leader: process.pid, member: member.pid, gone: gone.pid }))
    ${idle}`
  const leader = spawn(process.execPath, ['-e', script], { cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, [markName]: mark } })
  const [line] = await once(leader.stdout, 'data')
  const pids = JSON.parse(String(line))
  t.after(() => Object.values(pids).forEach((pid) => { if (startTicks(pid) !== undefined) process.kill(pid, 'SIGKILL') }))
  return pids
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b)

it('finds the members of a session, and by the mark who has left it', async (t) => {
  const { leader, member, gone } = await family(t, { cwd: scratch(), mark: '/run/scheduler.json' })
  assert.deepEqual(sorted(offspringOf({ session: leader, mark: '/run/scheduler.json' })), sorted([leader, member, gone]))
  assert.deepEqual(sorted(offspringOf({ session: leader, mark: '/run/other.json' })), sorted([leader, member]))
  assert.deepEqual(offspringOf({ session: undefined, mark: '/run/scheduler.json' }).includes(member), false)
})

it('ends the members after their leader has been killed', async (t) => {
  const of = await family(t, { cwd: scratch(), mark: '/run/a.json' })
  process.kill(of.leader, 'SIGKILL')
  assert.ok(await endOffspring({ session: of.leader, mark: '/run/a.json' }) >= 2)
  assert.deepEqual([of.leader, of.member, of.gone].map(startTicks), [undefined, undefined, undefined])
})

it('spares one', async (t) => {
  const of = await family(t, { cwd: scratch(), mark: '/run/b.json' })
  await endOffspring({ session: of.leader, mark: '/run/b.json' }, { but: of.leader })
  assert.deepEqual([of.leader, of.member, of.gone].map((pid) => startTicks(pid) !== undefined), [true, false, false])
})

it('takes nobody for ours who works elsewhere, when the number may have been given again', async (t) => {
  const state = scratch()
  mkdirSync(join(state, 'airflow'))
  const { leader, member } = await family(t, { cwd: join(realpathSync(state), 'airflow'), mark: '/run/c.json' })
  assert.deepEqual(sorted(offspringOf({ session: leader, mark: 'none', within: state })), sorted([leader, member]))
  assert.deepEqual(offspringOf({ session: leader, mark: 'none', within: scratch() }), [])
  assert.deepEqual(offspringOf({ session: leader, mark: 'none', within: `${state}-gone` }), [])
})
