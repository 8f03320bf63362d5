import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { it } from 'node:test'
import { endPatience, lowerPriority, usualPriority } from './priority.mjs'

const sleeper = (t) => {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  return child.pid
}
const groupOf = (pid) => existsSync(`/proc/${pid}/autogroup`) ? Number(/nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8'))[1]) : undefined

it('lets others go first until they are up, and is nothing for a process that has ended', (t) => {
  const [first, second, third] = [sleeper(t), sleeper(t), sleeper(t)]
  for (const pid of [first, second]) lowerPriority(pid)
  assert.deepEqual([getPriority(first), groupOf(first) ?? 10], [10, 10])
  assert.doesNotThrow(() => lowerPriority(2 ** 22 + 1))
  usualPriority(first)
  endPatience()
  lowerPriority(third)
  assert.equal(getPriority(third), getPriority())
  // Only root may raise a priority again; for others what was lowered stays so.
  for (const pid of process.getuid() === 0 ? [first, second, third] : [third]) assert.equal(groupOf(pid) ?? 0, 0)
})
