/**
 * Generates `gen/` (TypeScript messages of the Spark Connect protocol) from the very jar that the server runs:
 * the jar carries its own .proto files, so client and server cannot disagree. Nothing but Maven's repository is asked,
 * and that only when the jar is neither in the launcher's folder nor in Maven's own cache.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zipEntries } from './zip-entries.mjs'

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
const library = join(dirname(fileURLToPath(import.meta.url)), '..')
const root = join(library, '../..')
const cache = join(root, 'node_modules/.cache/millrace-spark-connect')

const sparkVersion = () => {
  const pom = join(root, 'infra/spark/pom.xml')
  const version = /<spark>([^<]+)<\/spark>/.exec(readFileSync(pom, 'utf8'))?.[1]
  if (!version) throw new Error(`${pom} names no Spark version: expected <properties><spark>x.y.z</spark></properties>.`)
  return version
}

const maven = (...args) => execFileSync('mvn', ['-q', '-B', ...args], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' })

/** Into a folder of its own first: another run beside this one must never see half a jar. */
const fetchJar = (version, file) => {
  const folder = mkdtempSync(join(cache, 'jar-'))
  try {
    copyWithMaven([`${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=org.apache.spark:spark-connect_2.13:${version}`, `-DoutputDirectory=${folder}`], file)
    renameSync(join(folder, file), join(cache, file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Maven's own cache first: asking the repository costs time, and is impossible offline. */
const copyWithMaven = (copy, file) => {
  try {
    maven('-o', ...copy)
  } catch (offline) {
    if (offline.code === 'ENOENT') throw new Error('Maven is missing (no "mvn" on PATH): install it (Debian: apt-get install maven), then run this again.', { cause: offline })
    try {
      maven(...copy)
    } catch (online) {
      throw new Error(`Maven could not fetch ${file}. Check Maven's own settings (repository, proxy), then run this again.\n${online.stdout ?? ''}${online.stderr ?? ''}`, { cause: online })
    }
  }
}

/** The connect jar: the launcher's if it is there, else a copy of our own in node_modules/.cache. */
const connectJar = (version) => {
  const file = `spark-connect_2.13-${version}.jar`
  const launchers = join(root, process.env.MILLRACE_STATE ?? '.millrace', 'jars/spark', file)
  if (existsSync(launchers)) return launchers
  const own = join(cache, file)
  if (!existsSync(own)) fetchJar(version, file)
  return own
}

const isWanted = (name) => /^spark\/connect\/\w+\.proto$/.test(name) || /^google\/rpc\/(status|error_details)\.proto$/.test(name)

const generate = (jar) => {
  const entries = zipEntries(readFileSync(jar), isWanted)
  if (!entries.some(({ name }) => name === 'spark/connect/base.proto')) throw new Error(`${jar} carries no spark/connect/base.proto: expected a Spark Connect server's jar.`)
  const work = mkdtempSync(join(cache, 'proto-'))
  try {
    for (const { name, data } of entries) {
      mkdirSync(join(work, dirname(name)), { recursive: true })
      writeFileSync(join(work, name), data)
    }
    execFileSync(join(root, 'node_modules/.bin/buf'), ['generate', '--template', join(library, 'buf.gen.yaml')], {
      cwd: work,
      stdio: 'inherit',
      env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter), BUF_CACHE_DIR: join(cache, 'buf') },
    })
    rmSync(join(library, 'gen'), { recursive: true, force: true })
    cpSync(join(work, 'gen'), join(library, 'gen'), { recursive: true })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

mkdirSync(cache, { recursive: true })
generate(connectJar(sparkVersion()))
