import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildOf, builtNames } from '../line/apps.mjs'
import { run } from '../process/run.mjs'

const settingsFiles = ['package-lock.json', 'package.json', 'nx.json', 'tsconfig.base.json', 'rolldown.config.mjs', 'infra/spark/pom.xml']
const folders = ['apps', 'libs', 'tools']
const skipped = new Set(['node_modules', 'dist', 'gen'])
const isTest = (name) => name.endsWith('.spec.ts')

const filesUnder = async (folder) => {
  const entries = await readdir(folder, { withFileTypes: true })
  const nested = await Promise.all(entries.map((entry) => {
    if (skipped.has(entry.name) || isTest(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  }))
  return nested.flat()
}

/** A hash of everything the builds are made from: asking Nx costs seconds, this costs a few hundredths of one. */
export const sourceHash = async (root) => {
  const files = [...settingsFiles.map((f) => join(root, f)), ...(await Promise.all(folders.map((f) => filesUnder(join(root, f))))).flat()].sort()
  const hash = createHash('sha256')
  for (const file of files) {
    if (existsSync(file)) hash.update(file.slice(root.length)).update('\0').update(await readFile(file)).update('\0')
  }
  return hash.digest('hex')
}

/** Builds the apps through Nx unless they were built from just these sources. Answers whether it did. */
export const buildApps = async (settings) => {
  const { root, env } = settings
  const stampFile = join(root, 'node_modules', '.cache', 'millrace-builds')
  const hash = await sourceHash(root)
  const complete = builtNames.every((name) => existsSync(buildOf(settings, name)))
  if (complete && existsSync(stampFile) && await readFile(stampFile, 'utf8') === hash) return false
  const args = ['run-many', '-t', 'build', '-p', builtNames.join(','), '--outputStyle=static']
  await run(join(root, 'node_modules', '.bin', 'nx'), args, {
    cwd: root,
    env: { ...env, NX_DAEMON: 'false', NX_TUI: 'false', PATH: `${join(root, 'node_modules', '.bin')}:${env.PATH}` },
    about: 'building the apps',
  })
  await mkdir(dirname(stampFile), { recursive: true })
  // A new file, not a changed one: a copy of the workspace may have linked this one.
  await writeFile(`${stampFile}.new`, hash)
  await rename(`${stampFile}.new`, stampFile)
  return true
}
