import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.mjs'

const packagesOf = async (file) => existsSync(file) ? JSON.parse(await readFile(file, 'utf8')).packages : {}

/**
 * The first reason why `node_modules` is not what the lockfile asks for, or undefined. What is optional may be absent: it is
 * for another system.
 */
export const staleness = (wanted, installed) => {
  if (Object.keys(installed).length === 0) return 'nothing is installed'
  for (const [path, { version, link, optional, peer }] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) continue
    const here = installed[path]
    if (here === undefined) {
      if (optional || peer) continue
      return `${path} is missing`
    }
    if (Boolean(here.link) !== Boolean(link) || (!link && here.version !== version)) return `${path} is ${here.version}, not ${version}`
  }
  return undefined
}

/** Runs `npm ci` when `node_modules` is missing or not what the lockfile asks for. Answers whether it did. */
export const installPackages = async ({ root, env }) => {
  const wanted = await packagesOf(join(root, 'package-lock.json'))
  const reason = staleness(wanted, await packagesOf(join(root, 'node_modules', '.package-lock.json')))
  if (reason === undefined) return false
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, env, about: `installing packages (${reason})` })
  return true
}
