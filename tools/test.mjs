import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appEnvironment } from '../infra/local/line/environment.mjs'
import { readSettings } from '../infra/local/line/settings.mjs'
import { installPackages } from '../infra/local/prepare/packages.mjs'
import { countFile } from './count-tests.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const environment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', PATH: `${bin}:${process.env.PATH}` }
const settings = readSettings({ ...environment, MILLRACE_STATE: '.millrace-test', MILLRACE_PORT_OFFSET: process.env.MILLRACE_PORT_OFFSET ?? '700' })
const engineEnvironment = { ...settings.env, MILLRACE_STATE: settings.state }

const failed = []
let running

/** Runs a command to its end on this terminal; answers whether it succeeded. No shell is involved. */
const call = (command, args, env = environment) => new Promise((resolve) => {
  running = spawn(command, args, { cwd: root, env, stdio: 'inherit' })
  running.once('error', (error) => { console.error(error.message); resolve(false) })
  running.once('close', (code) => resolve(code === 0))
})

const nx = (args, env) => call(join(bin, 'nx'), [...args, '--outputStyle=static'], env)
const launcher = (name, ...flags) => call(process.execPath, [join(root, 'infra/local', `${name}.mjs`), ...flags], engineEnvironment)
const provision = (command, env) => call(join(bin, 'node'), [join(root, 'apps/provision/dist/main.mjs'), command], env)

/** Says what is done and how long it took; a failure is remembered, and the next step goes on. */
const step = async (name, work) => {
  console.log(`\n== ${name}`)
  const begun = Date.now()
  const ok = await work().catch((error) => { console.error(error.message); return false })
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} after ${Math.round((Date.now() - begun) / 1000)} s`)
  if (!ok) failed.push(name)
  return ok
}

const projectsWith = (target) => new Promise((resolve, reject) => {
  const child = spawn(join(bin, 'nx'), ['show', 'projects', '--with-target', target, '--json'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => { text += chunk })
  child.once('close', (code) => code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`nx show projects ended with code ${code}.`)))
})

/** What the reporters have written down; a project whose tests never ran counts as one failure. */
const counted = async (targets) => {
  const total = { passed: 0, failed: 0 }
  for (const target of targets) {
    for (const project of await projectsWith(target)) {
      const file = countFile(project, target)
      const count = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 }
      if (!existsSync(file)) console.log(`${project}:${target} has not run.`)
      total.passed += count.passed
      total.failed += count.failed
    }
  }
  return total
}

const fast = async () => {
  await step('lint', () => nx(['run-many', '-t', 'lint']))
  await step('types', () => nx(['run-many', '-t', 'typecheck']))
  await step('unit tests', () => nx(['run-many', '-t', 'test']))
}

const integration = async () => {
  await launcher('stop')
  rmSync(settings.state, { recursive: true, force: true })
  const apps = appEnvironment(settings)
  try {
    if (!await step('engines', async () => await launcher('start', '--engines-only', '--detach') && await provision('apply', apps))) return
    await step('integration tests', () => nx(['run-many', '-t', 'test-int', '--exclude', 'e2e', '--parallel=1', '--nxBail=false'], { ...apps, NODE_ENV: 'test' }))
  } finally {
    await launcher('stop')
  }
}

/** Whatever ends this run, nothing stays behind. */
const stopOnSignal = () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      failed.push(`stopped by ${signal}`)
      running?.kill('SIGTERM')
    })
  }
}

const main = async () => {
  const onlyUnit = process.argv.includes('--unit')
  stopOnSignal()
  await installPackages({ root, env: process.env })
  rmSync(dirname(countFile('any', 'test')), { recursive: true, force: true })
  const interrupted = () => failed.some((name) => name.startsWith('stopped'))
  await fast()
  if (!onlyUnit && !interrupted()) {
    const built = await step('builds', () => nx(['run-many', '-t', 'build']))
    if (built) await step('generated files are fresh', () => provision('check', environment))
    if (built && !interrupted()) await integration()
    if (built && !interrupted()) await step('end-to-end tests', () => nx(['run', 'e2e:test-int']))
  }
  const { passed, failed: failures } = await counted(onlyUnit ? ['test'] : ['test', 'test-int'])
  const others = failed.filter((name) => !name.endsWith('tests'))
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}.`)
  const sum = Math.max(failures + others.length, failed.length > 0 ? 1 : 0)
  console.log(`\n${passed} passed, ${sum} failed`)
  process.exitCode = sum > 0 ? 1 : 0
}

await main()
