import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the counts of a project's target lie: Nx keeps the file with the cached result, and brings it back with it. */
export const countFile = (project, target) => fileURLToPath(new URL(`../node_modules/.cache/tests/${project}.${target}.json`, import.meta.url))

export const writeCount = (project, target, count) => {
  const file = countFile(project, target)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(count)}\n`)
}

/** A reporter for Jest that writes down how many tests have passed and failed; a file that cannot be run counts as one failure. */
export default class CountTests {
  constructor({ rootDir }, { target }) {
    this.project = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')).nx.name
    this.target = target
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    writeCount(this.project, this.target, { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites })
  }
}
