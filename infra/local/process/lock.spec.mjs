import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { runningLauncher, takeState } from './lock.mjs'
import { startTicks } from './processes.mjs'
import { writeRunFile } from './run-file.mjs'
import { scratch } from './scratch.mjs'

const place = () => {
  const state = scratch()
  return { state, run: join(state, 'run') }
}

it('lets one launcher at a time have a state folder', () => {
  const settings = place()
  const release = takeState(settings, {})
  assert.equal(runningLauncher(settings).pid, process.pid)
  assert.throws(() => takeState(settings, {}), /already runs.*npm run stop/)
  release()
  assert.equal(runningLauncher(settings), undefined)
  takeState(settings, {})()
})

it('takes over from a launcher that has ended without a word, even when its number was given again', () => {
  const settings = place()
  writeRunFile(settings.run, 'launcher', { pid: process.pid, ticks: startTicks(process.pid) - 1 })
  takeState(settings, {})()
})
