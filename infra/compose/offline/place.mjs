import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/**
 * Where a daemon of this workspace's own would live. Its socket is outside of the workspace, for the path of a socket may be
 * no longer than 107 bytes.
 */
export const placeOf = (env = process.env) => {
  const state = join(root, '.millrace-compose')
  const short = join(tmpdir(), `millrace-docker-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)
  return { root, state, data: join(state, 'docker'), plugins: join(state, 'docker-config'), log: join(state, 'dockerd.log'), pid: join(short, 'dockerd.pid'), run: join(short, 'run'), socket: join(short, 'docker.sock'), short, env: { ...env } }
}
