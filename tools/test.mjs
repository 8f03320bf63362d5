import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appEnvironment } from '../infra/local/line/environment.mjs'
import { readSettings } from '../infra/local/line/settings.mjs'
import { installPackages } from '../infra/local/prepare/packages.mjs'
import { notRunCode } from '../infra/compose/offline/packages.mjs'
import { countFile } from './count-tests.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const environment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', PATH: `${bin}:${process.env.PATH}` }
const settings = readSettings({ ...environment, MILLRACE_STATE: '.millrace-test', MILLRACE_PORT_OFFSET: process.env.MILLRACE_PORT_OFFSET ?? '700' })
const engineEnvironment = { ...settings.env, MILLRACE_STATE: settings.state }
const endToEndState = '.millrace-e2e'

const longestStepMs = 25 * 60_000

const failed = []
let running

const interrupted = 'stopped by '
const isInterrupted = () => failed.some((name) => name.startsWith(interrupted))

/** Ends a command with all it has started. */
const endGroup = ({ pid }, signal) => {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/**
 * Runs a command to its end on this terminal, in a process group of its own; answers its exit code. One that takes too long
 * is ended. No shell is involved.
 */
const codeOf = (command, args, env = environment) => new Promise((resolve) => {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
  running = child
  const limit = setTimeout(() => {
    console.error(`${[command, ...args].join(' ')} has not ended after ${longestStepMs / 60_000} minutes.`)
    endGroup(child, 'SIGKILL')
  }, longestStepMs)
  child.once('error', (error) => { clearTimeout(limit); console.error(error.message); resolve(undefined) })
  child.once('close', (code) => { clearTimeout(limit); running = undefined; resolve(code) })
})

const call = async (...command) => await codeOf(...command) === 0

const nx = (args, env, outputStyle = 'static') => call(join(bin, 'nx'), [...args, `--outputStyle=${outputStyle}`], env)
const startEngines = () => call(process.execPath, [join(root, 'infra/local/start.mjs'), '--engines-only', '--detach'], engineEnvironment)
const stopLine = (state) => call(process.execPath, [join(root, 'infra/local/stop.mjs')], { ...engineEnvironment, MILLRACE_STATE: state })
const provision = (command, env) => call(join(bin, 'node'), [join(root, 'apps/provision/dist/main.mjs'), command], env)

const notRun = 'not run'

/** Says what is done and how long it took; a failure is remembered, and the next step goes on. `work` answers true, false or `notRun`. */
const step = async (name, work) => {
  if (isInterrupted()) return false
  console.log(`\n== ${name}`)
  const begun = Date.now()
  const outcome = await work().catch((error) => { console.error(error.message); return false })
  console.log(`== ${name}: ${outcome === true ? 'ok' : outcome || 'FAILED'} after ${Math.round((Date.now() - begun) / 1000)} s`)
  if (!outcome) failed.push(name)
  return outcome
}

/** The line in containers. Where no Docker daemon can run it says so; that is neither passed nor failed. Answers whether it has run. */
const inContainers = async () => {
  const outcome = await step('container tests', async () => {
    const code = await codeOf(process.execPath, [join(root, 'infra/compose/test.mjs')])
    return code === notRunCode ? notRun : code === 0
  })
  return outcome !== notRun
}

const projectsWith = (target) => new Promise((resolve, reject) => {
  const child = spawn(join(bin, 'nx'), ['show', 'projects', '--with-target', target, '--json'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => { text += chunk })
  child.once('close', (code) => code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`nx show projects ended with code ${code}.`)))
})

/** What the reporters have written down; a project whose tests never ran counts as one failure. */
const counted = async (targets) => {
  const total = { passed: 0, failed: 0, failures: [] }
  for (const target of targets) {
    for (const project of await projectsWith(target)) {
      const file = countFile(project, target)
      const count = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 }
      if (!existsSync(file)) console.log(`${project}:${target} has not run.`)
      total.passed += count.passed
      total.failed += count.failed
      total.failures.push(...(count.failures ?? []).map((failure) => ({ ...failure, task: `${project}:${target}` })))
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
  await stopLine(settings.state)
  rmSync(settings.state, { recursive: true, force: true })
  const apps = appEnvironment(settings)
  try {
    if (!await step('engines', async () => await startEngines() && await provision('apply', apps))) return
    await step('integration tests', () => nx(['run-many', '-t', 'test-int', '--exclude', 'e2e', '--parallel=1'], { ...apps, NODE_ENV: 'test' }))
  } finally {
    await stopLine(settings.state)
  }
}

/** Ctrl-C ends the step that runs, and the ones to come; what has been started is stopped all the same. */
const stopOnSignal = () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!isInterrupted()) failed.push(`${interrupted}${signal}`)
      if (running !== undefined) endGroup(running, 'SIGTERM')
    })
  }
}

const main = async () => {
  const onlyUnit = process.argv.includes('--unit')
  let containersRun = false
  stopOnSignal()
  await installPackages({ root, env: process.env })
  rmSync(dirname(countFile('any', 'test')), { recursive: true, force: true })
  await fast()
  if (!onlyUnit && await step('builds', () => nx(['run-many', '-t', 'build']))) {
    await step('generated files are fresh', () => provision('check', environment))
    await integration()
    // The suite stops its line itself, unless it was ended before its end.
    if (!await step('end-to-end tests', () => nx(['run', 'e2e:test-int'], environment, 'stream'))) await stopLine(endToEndState)
    containersRun = await inContainers()
  }
  const { passed, failed: failures, failures: told } = await counted(onlyUnit ? ['test'] : ['test', 'test-int', ...containersRun ? ['test-containers', 'test-compose'] : []])
  const others = failed.filter((name) => !name.endsWith('tests'))
  // Once more at the end: what is said of a failure when it happens is thousands of lines away.
  for (const { task, name, message } of told) console.log(`\n✕ ${task}: ${name}\n${message.replace(/^/gm, '    ')}`)
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}.`)
  const sum = Math.max(failures + others.length, failed.length > 0 ? 1 : 0)
  console.log(`\n${passed} passed, ${sum} failed`)
  process.exitCode = sum > 0 ? 1 : 0
}

await main()
