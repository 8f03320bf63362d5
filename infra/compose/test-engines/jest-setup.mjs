import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appEnvironment } from '../../local/line/environment.mjs'
import { readSettings } from '../../local/line/settings.mjs'
import { makeSecrets } from '../../local/prepare/secrets.mjs'
import { chosenContainers } from './chosen-engines.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A state folder and ports of their own, beside every other line of this workspace. */
const settingsOf = (env) => readSettings({ ...env, MILLRACE_STATE: '.millrace-test-containers', MILLRACE_PORT_OFFSET: '800' })

/** No helper container: its image would be one more to have, and what it removes is removed here. */
const quiet = { TESTCONTAINERS_RYUK_DISABLED: 'true', TESTCONTAINERS_HOST_OVERRIDE: 'localhost' }

const provision = () => new Promise((resolve, reject) => {
  let said = ''
  const child = spawn(process.execPath, ['--import', './tools/swc-loader.mjs', 'apps/provision/src/main.ts', 'apply'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk })
  child.once('error', reject)
  child.once('close', (code) => code === 0 ? resolve() : reject(new Error(`provision apply ended with code ${code}:\n${said}`)))
})

let stop = async () => undefined

/**
 * Jest's globalSetup. With MILLRACE_TEST_ENGINES=containers it starts engines through testcontainers, makes roles, topics and
 * tables, and points the tests to them; else it does nothing.
 */
export default async function startEngines({ rootDir }) {
  const names = chosenContainers(process.env, basename(rootDir))
  if (names.length === 0) return
  for (const [name, value] of Object.entries(quiet)) process.env[name] ??= value
  const { hasDaemon, startEngineContainers } = await import('./engine-containers.mjs')
  if (!await hasDaemon()) throw new Error('MILLRACE_TEST_ENGINES is containers, and no Docker daemon answers. Start one, or set DOCKER_HOST.')
  const begun = Date.now()
  const settings = settingsOf(process.env)
  await makeSecrets(settings.state)
  stop = await startEngineContainers(settings, names)
  Object.assign(process.env, appEnvironment(settings), { NODE_ENV: 'test' })
  try {
    if (names.includes('cassandra')) await provision()
  } catch (error) {
    await stop()
    throw error
  }
  console.log(`In containers, after ${((Date.now() - begun) / 1_000).toFixed(1)} s: ${names.join(', ')}.`)
}

/** Jest's globalTeardown has a module of its own, and the same `stop`: Jest loads both in one process. */
export const stopEngines = () => stop()
