import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../process/run.mjs'

/** The version of the package that lies at a path of the lockfile, `link` for a workspace, undefined where nothing lies. */
const installedAt = (root) => (path, link) => {
  const manifest = join(root, path, 'package.json')
  if (!existsSync(manifest)) return undefined
  return link ? 'link' : JSON.parse(readFileSync(manifest, 'utf8')).version
}

/**
 * The first reason why `node_modules` is not what the lockfile asks for, or undefined. The packages themselves are asked: npm's
 * own note of what is installed is written by commands that install nothing, too. What is optional may be absent: it is for
 * another system.
 */
export const staleness = (packages, installed) => {
  for (const [path, { version, link = false, optional, peer }] of Object.entries(packages)) {
    if (!path.includes('node_modules/')) continue
    const here = installed(path, link)
    if (here === undefined && (optional || peer)) continue
    if (here === undefined) return `${path} is missing`
    if (here !== (link ? 'link' : version)) return `${path} is ${here}, not ${version}`
  }
  return undefined
}

/** Runs `npm ci` when `node_modules` is missing or not what the lockfile asks for. Answers whether it did. */
export const installPackages = async ({ root, env }) => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const reason = staleness(packages, installedAt(root))
  if (reason === undefined) return false
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, env, about: `installing packages (${reason})` })
  return true
}
