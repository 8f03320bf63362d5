import { run } from '../../local/process/run.mjs'

/** What cannot be had here: the test is then not run, which is not a failure of the project. */
export class NotPossible extends Error {}

/** The exit code for that. */
export const notRunCode = 3

const has = async (command, env) => {
  try {
    await run(command, ['--version'], { about: `asking for ${command}`, env })
    return true
  } catch {
    return false
  }
}

const packages = { dockerd: 'docker.io', iptables: 'iptables', mmdebstrap: 'mmdebstrap' }

/** Installs Debian's packages of the commands that are not there; answers their names. Only root of a Debian can. */
export const installMissing = async (commands, { env }) => {
  const missing = []
  for (const command of commands) if (!await has(command, env)) missing.push(packages[command])
  if (missing.length === 0) return missing
  if (process.getuid?.() !== 0) throw new NotPossible(`${missing.join(', ')} would have to be installed, which only root can.`)
  if (!await has('apt-get', env)) throw new NotPossible(`${missing.join(', ')} would have to be installed, and this is no Debian: there is no apt-get.`)
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['update', '--quiet'], { about: 'updating the lists of packages', env: quiet })
    await run('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', ...missing], { about: `installing ${missing.join(', ')}`, env: quiet })
  } catch (error) {
    throw new NotPossible(error.message, { cause: error })
  }
  return missing
}
