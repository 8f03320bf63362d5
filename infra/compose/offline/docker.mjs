import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { run } from '../../local/process/run.mjs'

/** Docker's command with the daemon and the plugins of this workspace, where they are its own. */
export const docker = ({ env }, args, { about = `docker ${args.slice(0, 3).join(' ')}`, ...options } = {}) => run('docker', args, { about, env, ...options })

/** The same with its output on this terminal. */
export const dockerAloud = ({ env, root }, args) => new Promise((resolve, reject) => {
  const child = spawn('docker', args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  child.once('error', reject)
  child.once('close', (code, signal) => code === 0 ? resolve() : reject(new Error(`docker ${args.join(' ')} ended with ${signal ?? `code ${code}`}.`)))
})

/** Whether a command of docker succeeds. */
export const works = async (place, args, options) => {
  try {
    await docker(place, args, options)
    return true
  } catch {
    return false
  }
}

const execute = promisify(execFile)

/** What a command of docker prints, all of it. */
export const dockerAnswer = async ({ env, root }, args) => (await execute('docker', args, { cwd: root, env, maxBuffer: 64 * 2 ** 20 })).stdout
