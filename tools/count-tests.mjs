import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the counts of a project's target lie: Nx keeps the file with the cached result, and brings it back with it. */
export const countFile = (project, target) => fileURLToPath(new URL(`../node_modules/.cache/tests/${project}.${target}.json`, import.meta.url))

/** Writes down how many tests passed and failed in the task that Nx runs; without Nx there is nobody who would ask. */
export const writeCount = (count) => {
  const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env
  if (project === undefined || target === undefined) return
  const file = countFile(project, target)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(count)}\n`)
}

const leftOpen = 'Something that a test has opened keeps Jest alive after the last test. Close it in that test, or in afterAll.'
const patienceMs = 15_000

/** A reporter for Jest; a file that cannot be run counts as one failure. What a test leaves open is a failure, and not a run without end. */
export default class CountTests {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const count = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
    writeCount(count)
    setTimeout(() => {
      console.error(leftOpen)
      writeCount({ ...count, failed: count.failed + 1 })
      process.exit(1)
    }, patienceMs).unref()
  }
}
