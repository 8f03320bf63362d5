import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../infra/local/line/settings.mjs'
import { makeTestVenv, pythonEnvironment, pythonOf } from '../infra/local/prepare/venv.mjs'
import { writeCount } from './count-tests.mjs'

const usage = 'node tools/python-checks.mjs lint|test <folder>'

/** Runs a module of Airflow's Python on a folder; answers whether it is content. */
const run = (python, folder, args, env = {}) => {
  const { status, error } = spawnSync(python, ['-B', '-m', ...args], { cwd: folder, stdio: 'inherit', env: { ...pythonEnvironment(process.env), ...env } })
  if (error) throw error
  return status === 0
}

const lint = (python, folder) => [['ruff', 'check', '--no-cache', '.'], ['ruff', 'format', '--no-cache', '--check', '.']]
  .map((args) => run(python, folder, args)).every(Boolean)

/** What pytest has counted: the attributes of its suite. What could not be collected is an error, and counts as a failure. */
const countsOf = (xml) => {
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0))
  return { passed: tests - failures - errors - skipped, failed: failures + errors }
}

const test = (python, folder) => {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-dags-'))
  try {
    const report = join(scratch, 'report.xml')
    // A home of its own: Airflow writes its settings there when it is imported.
    const isGreen = run(python, folder, ['pytest', '-q', `--junitxml=${report}`], { AIRFLOW_HOME: scratch, AIRFLOW__CORE__LOAD_EXAMPLES: 'False' })
    writeCount(countsOf(readFileSync(report, 'utf8')))
    return isGreen
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const [what, folder] = process.argv.slice(2)
const check = { lint, test }[what]
if (check === undefined || folder === undefined) throw new Error(usage)
process.exitCode = check(pythonOf(await makeTestVenv(readSettings())), folder) ? 0 : 1
