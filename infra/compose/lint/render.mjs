import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const call = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Whether `docker compose` of version 2 is on this machine; rendering needs no daemon. */
export const hasCompose = async (env = process.env) => {
  try {
    const { stdout } = await call('docker', ['compose', 'version', '--short'], { env })
    return /^v?[2-9]/.test(stdout)
  } catch {
    return false
  }
}

/** The compose file as the engine will get it, with all profiles; `files` are those of `docker compose -f`. */
export const renderCompose = async ({ files = ['docker-compose.yml'], env = process.env } = {}) => {
  const args = ['compose', ...files.flatMap((file) => ['-f', file]), '--profile', '*', 'config', '--format', 'json']
  const { stdout } = await call('docker', args, { cwd: root, env, maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout)
}
