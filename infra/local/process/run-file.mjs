import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the record of a process lies. */
export const runFile = (run, name) => join(run, `${name}.json`)

/** Writes `<run>/<name>.json` in one step, so that a reader never sees half of it. */
export const writeRunFile = (run, name, content) => {
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const file = runFile(run, name)
  writeFileSync(`${file}.new`, `${JSON.stringify({ name, ...content }, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** What is recorded about a process, or undefined. */
export const readRunFile = (run, name) => {
  try {
    return JSON.parse(readFileSync(runFile(run, name), 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`${runFile(run, name)} cannot be read: ${error.message}. Remove it if nothing runs.`, { cause: error })
  }
}

/** All records of a state folder. */
export const readRunFiles = (run) => {
  let names
  try {
    names = readdirSync(run)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return names.filter((n) => n.endsWith('.json')).map((n) => readRunFile(run, n.slice(0, -'.json'.length))).filter((r) => r !== undefined)
}

/** Forgets a process. */
export const removeRunFile = (run, name) => rmSync(runFile(run, name), { force: true })
