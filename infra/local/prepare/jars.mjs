import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startTicks } from '../process/processes.mjs'
import { run } from '../process/run.mjs'

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'

const noMaven = 'No Maven: mvn is not on PATH. Install it (on Debian: apt-get install maven); it fetches the jars of Kafka, Cassandra and Spark.'

/** What the folder of an engine's jars was made from: its pom and the plugin that copied them. */
export const jarStamp = (pom) => createHash('sha256').update(plugin).update('\0').update(pom).digest('hex')

const stampOf = async (folder) => {
  const file = join(folder, 'stamp')
  return existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined
}

/** Removes what launchers that were ended half-way have left. */
const removeHalves = async (jars, engine) => {
  if (!existsSync(jars)) return
  for (const name of await readdir(jars)) {
    const pid = name.startsWith(`.${engine}.`) ? Number(name.slice(engine.length + 2)) : undefined
    if (pid !== undefined && (pid === process.pid || startTicks(pid) === undefined)) await rm(join(jars, name), { recursive: true, force: true })
  }
}

/**
 * Brings an engine's jars into `<jars>/<engine>` through Maven, unless the pom is the one that the folder was made from.
 * The folder appears in one step, so that a launcher that is killed half-way leaves nothing that looks complete.
 * Answers the stamp.
 */
export const fetchJars = async ({ root, jars, env }, engine) => {
  const pom = join(root, 'infra', engine, 'pom.xml')
  const stamp = jarStamp(await readFile(pom))
  const folder = join(jars, engine)
  if (await stampOf(folder) === stamp) return stamp
  await removeHalves(jars, engine)
  const fresh = join(jars, `.${engine}.${process.pid}`)
  await mkdir(fresh, { recursive: true })
  const args = ['--batch-mode', '--quiet', '-f', pom, `${plugin}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`]
  try {
    await run('mvn', args, { about: `fetching the jars of ${engine} through Maven (${pom})`, env: { ...env, TERM: 'dumb' } })
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw error.cause?.code === 'ENOENT' ? new Error(noMaven, { cause: error }) : error
  }
  await writeFile(join(fresh, 'stamp'), `${stamp}\n`)
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
  return stamp
}
