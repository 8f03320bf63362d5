import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { startTicks } from '../process/processes.mjs'
import { run } from '../process/run.mjs'
import { findPython, hasUv, pythonVersion } from './python.mjs'

const lockOf = ({ root }) => join(root, 'infra/airflow/requirements.txt')
const testLockOf = ({ root }) => join(root, 'infra/airflow/requirements-dev.txt')
const uvLockOf = ({ root }) => join(root, 'infra/airflow/requirements-uv.txt')

const complete = 'complete'

const hashOf = async (...files) => {
  const hash = createHash('sha256').update(pythonVersion)
  for (const file of files) hash.update('\0').update(await readFile(file))
  return hash.digest('hex').slice(0, 12)
}

/** What the packages were made from, which is in the name of their folder. */
export const venvStamp = (settings) => hashOf(lockOf(settings))

const folderOf = ({ venvs }, stamp) => join(venvs, `airflow-${stamp}`)
/** The interpreter of such a folder. */
export const pythonOf = (folder) => join(folder, 'bin', 'python')
const isComplete = (folder) => existsSync(join(folder, complete)) && existsSync(pythonOf(folder))

/** Where the packages are, or will be. */
export const venvFolder = async (settings) => folderOf(settings, await venvStamp(settings))

/** Whether the packages are there. */
export const hasVenv = async (settings) => isComplete(await venvFolder(settings))

/** Fails when the packages are not there and cannot be installed, before anything is started. */
export const needVenv = async (settings) => {
  if (!await hasVenv(settings)) await findPython(settings.env, { withUv: await hasUv(settings.env) })
}

const misleading = ['PYTHONPATH', 'PYTHONHOME', 'PYTHONDONTWRITEBYTECODE']

/** Without what would make Python look for modules elsewhere, or translate all sources anew at each start. */
export const pythonEnvironment = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.includes(name)))

/** Only built packages, whose hashes are in the lock: nothing of theirs runs during the installation. */
const optionsFor = (lock) => ['--require-hashes', '--only-binary', ':all:', '--quiet', '-r', lock]
const about = (lock) => `installing the Python packages of ${lock}`

const pipInto = (python, lock, env) => run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...optionsFor(lock)], { about: about(lock), env, patient: true })
/** Modules are translated now, on all cores, and not by three processes of Airflow at once. */
const uvInto = (uv, python, lock, env, more = []) => run(uv, ['pip', 'install', '--compile-bytecode', ...more, '--python', python, ...optionsFor(lock)], { about: about(lock), env, patient: true })

/**
 * With the `uv` of this machine, else with one that pip brings into the environment of `python`: what takes pip two minutes takes
 * it seconds. pip.conf may name an index that this one does not know of; then pip does it all.
 */
const installInto = async (python, lock, settings, { env, uv }) => {
  if (uv) return await uvInto('uv', python, lock, env)
  const own = join(dirname(python), 'uv')
  if (!existsSync(own)) await pipInto(python, uvLockOf(settings), env)
  try {
    await uvInto(own, python, lock, env, ['--system-certs'])
  } catch (failure) {
    await pipInto(python, lock, env).catch((error) => { throw new AggregateError([failure, error], `${failure.message}\n${error.message}`) })
  }
}

/** Folders that no name leads to and whose maker is gone: launchers that were ended half-way have left them. */
const removeHalves = async (venvs) => {
  const names = await readdir(venvs)
  const inUse = await Promise.all(names.filter((name) => name.startsWith('airflow-')).map((name) => readlink(join(venvs, name)).catch(() => undefined)))
  for (const name of names) {
    const maker = /^\.airflow-\w+\.(\d+)\.\d+$/.exec(name)?.[1]
    if (maker !== undefined && !inUse.includes(name) && (Number(maker) === process.pid || startTicks(Number(maker)) === undefined)) await rm(join(venvs, name), { recursive: true, force: true })
  }
}

/**
 * Brings Airflow's packages into `<venvs>/airflow-<stamp>`, unless they are there, and answers that folder. An environment
 * cannot be moved, so it is made in a folder of its own; when it is complete, the name becomes a link to it in one step. Two
 * launchers that do so at once do not meet.
 */
export const makeVenv = async (settings) => {
  const { venvs } = settings
  const env = pythonEnvironment(settings.env)
  const stamp = await venvStamp(settings)
  const folder = folderOf(settings, stamp)
  if (isComplete(folder)) return folder
  const uv = await hasUv(env)
  const python = await findPython(env, { withUv: uv })
  await mkdir(venvs, { recursive: true })
  await removeHalves(venvs)
  const name = `.airflow-${stamp}.${process.pid}.${Date.now()}`
  const fresh = join(venvs, name)
  const [command, args] = uv ? ['uv', ['venv', '--quiet', '--no-python-downloads', '--python', python, fresh]] : [python, ['-m', 'venv', fresh]]
  await run(command, args, { about: 'making a virtual environment', env, patient: true })
  await installInto(pythonOf(fresh), lockOf(settings), settings, { env, uv })
  await writeFile(join(fresh, complete), `${stamp}\n`)
  await symlink(name, join(venvs, `${name}.link`))
  await rename(join(venvs, `${name}.link`), folder)
  return folder
}

/** The same with what the tests of the DAGs need besides (pytest, ruff). */
export const makeTestVenv = async (settings) => {
  const folder = await makeVenv(settings)
  const lock = testLockOf(settings)
  const done = join(folder, `${complete}-${await hashOf(lock)}`)
  if (existsSync(done)) return folder
  const env = pythonEnvironment(settings.env)
  await installInto(pythonOf(folder), lock, settings, { env, uv: await hasUv(env) })
  await writeFile(done, '')
  return folder
}
