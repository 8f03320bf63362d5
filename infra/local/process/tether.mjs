import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

const guardScript = fileURLToPath(new URL('guard.sh', import.meta.url))

/** The kernel kills the child when its parent ends, even when the guard has ended before; it does not know what that has started. */
const byKernel = () => ({ ...byGuard(), how: 'kernel', wrap: (command) => ({ ...command, file: 'setpriv', args: ['--pdeathsig', 'KILL', '--', command.file, ...command.args] }) })

/** A shell in a session of its own reads the numbers of our children from a pipe, and kills them and their sessions when the pipe ends. */
const byGuard = () => {
  const guard = spawn('sh', [guardScript], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  guard.stdin.unref()
  guard.stdin.on('error', () => undefined)
  const tell = (sign) => (pid) => guard.stdin.write(`${sign} ${pid}\n`)
  return { how: 'guard', process: guard, wrap: (command) => command, tie: tell('+'), untie: tell('-'), end: () => guard.stdin.end() }
}

/**
 * Ties children, with what they start, to this process so that none outlives it, even after kill -9: by a guard, and by the
 * kernel too where `setpriv` (util-linux) can ask for that. `wrap` changes the command before it is started; `tie` and `untie`
 * name running children, each of which leads a session.
 */
export const makeTether = async (prefer) => {
  if (prefer === 'guard' || process.platform !== 'linux') return byGuard()
  try {
    await run('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { about: 'trying setpriv' })
    return byKernel()
  } catch {
    return byGuard()
  }
}
