import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const call = promisify(execFile)

/** Whether promtool is on the PATH. It comes with Prometheus; Debian has both in the package 'prometheus'. */
export const hasPromtool = () => call('promtool', ['--version']).then(() => true, () => false)

/** What it prints; throws with what it prints when it is not content. */
export const promtool = async (args, { cwd } = {}) => {
  try {
    const { stdout, stderr } = await call('promtool', args, { cwd })
    return `${stdout}${stderr}`
  } catch (error) {
    throw new Error(`promtool ${args.join(' ')} is not content:\n${error.stdout ?? ''}${error.stderr ?? error.message}`, { cause: error })
  }
}
