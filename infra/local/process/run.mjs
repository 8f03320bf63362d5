import { spawn } from 'node:child_process'
import { lowerPriority, usualPriority } from './priority.mjs'

/** What runs now, each with the promise of its end. */
const running = new Map()

/** Ends all commands that still run, and waits until they have ended: what they write is then nobody's but the next one's. */
export const endCommands = async () => {
  for (const child of running.keys()) child.kill()
  await Promise.all(running.values())
}

/**
 * Runs a command to its end and answers what it printed; a failure shows its last lines. No shell is involved. The command ends
 * when the launcher does. What is `patient` lets the engines and apps go first while they start.
 */
export const run = (command, args, { about, patient = false, ...options }) => new Promise((resolve, reject) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: patient, ...options })
  if (patient && child.pid !== undefined) {
    lowerPriority(child.pid)
    child.once('close', () => usualPriority(child.pid))
  }
  const end = () => child.kill()
  process.once('exit', end)
  running.set(child, new Promise((ended) => {
    child.once('close', () => {
      process.off('exit', end)
      running.delete(child)
      ended()
    })
  }))
  let text = ''
  const keep = (chunk) => { text = (text + chunk).slice(-20_000) }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (cause) => reject(new Error(`${about}: ${command} could not be started: ${cause.message}`, { cause })))
  child.on('close', (code, signal) => {
    if (code === 0) resolve(text)
    else reject(new Error(`${about}: ${command} ended with ${signal ?? `code ${code}`}.\n${text.trim().split('\n').slice(-20).join('\n')}`))
  })
})
