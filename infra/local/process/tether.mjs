import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

const guardScript = fileURLToPath(new URL('guard.sh', import.meta.url))

/** The kernel kills the child when its parent ends, however that ends. */
const byKernel = { how: 'kernel', wrap: (command) => ({ ...command, file: 'setpriv', args: ['--pdeathsig', 'KILL', '--', command.file, ...command.args] }), tie: () => undefined, untie: () => undefined }

/** A shell in a session of its own reads the numbers of our children from a pipe, and kills them when the pipe ends. */
const byGuard = () => {
  const guard = spawn('sh', [guardScript], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  guard.stdin.on('error', () => undefined)
  const tell = (sign) => (pid) => guard.stdin.write(`${sign} ${pid}\n`)
  return { how: 'guard', process: guard, wrap: (command) => command, tie: tell('+'), untie: tell('-'), end: () => guard.stdin.end() }
}

/**
 * Ties children to this process so that none outlives it, even after kill -9: by the kernel where `setpriv` (util-linux) can
 * ask for that, else by a guard. `wrap` changes the command before it is started; `tie` and `untie` name running children.
 */
export const makeTether = async (prefer) => {
  if (prefer === 'guard' || process.platform !== 'linux') return byGuard()
  try {
    await run('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { about: 'trying setpriv' })
    return byKernel
  } catch {
    return byGuard()
  }
}
