import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** Where the counts of a project's target lie: Nx keeps the file with the cached result, and brings it back with it. */
export const countFile = (project, target) => fileURLToPath(new URL(`../node_modules/.cache/tests/${project}.${target}.json`, import.meta.url))

/** Writes down how many tests passed and failed in the task that Nx runs, and which failed; without Nx there is nobody who would ask. */
export const writeCount = (count) => {
  const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env
  if (project === undefined || target === undefined) return
  const file = countFile(project, target)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(count)}\n`)
}

const mostLines = 12

/** What is told of a failure again at the end of a long run: the first lines of its message, and of its stack those that are ours. */
export const briefly = (message) => stripVTControlCharacters(message).split('\n').filter((line) => line.trim() !== '' && !line.includes('/node_modules/')).slice(0, mostLines).join('\n')

const leftOpen = 'Something that a test has opened keeps Jest alive after the last test. Close it in that test, or in afterAll.'
const patienceMs = 15_000
/** A test that takes so long is told when it has ended, so that a run of minutes shows where it is. */
const longMs = 10_000

/** A reporter for Jest; a file that cannot be run counts as one failure. What a test leaves open is a failure, and not a run without end. */
export default class CountTests {
  #failures = []

  onTestCaseResult(_test, { fullName, status, duration }) {
    if ((duration ?? 0) >= longMs) console.log(`${status} after ${Math.round(duration / 1_000)} s: ${fullName}`)
  }

  onTestResult({ path }, { testResults, testExecError, failureMessage }) {
    const failed = testResults.filter(({ status }) => status === 'failed')
    this.#failures.push(...failed.map(({ fullName, failureMessages }) => ({ name: fullName, message: briefly(failureMessages.join('\n')) })))
    if (testExecError) this.#failures.push({ name: path, message: briefly(failureMessage ?? String(testExecError)) })
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const count = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, failures: this.#failures }
    writeCount(count)
    setTimeout(() => {
      console.error(leftOpen)
      writeCount({ ...count, failed: count.failed + 1, failures: [...count.failures, { name: 'after the last test', message: leftOpen }] })
      process.exit(1)
    }, patienceMs).unref()
  }
}
