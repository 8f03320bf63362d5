import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { portTable, settingsTable } from './settings-table.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** One value of each kind from its text, or undefined for a text that is none. */
const kinds = {
  path: { read: (text) => resolve(root, text) },
  int: { read: (text, { min, max }) => /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined, expected: ({ min, max }) => `a whole number from ${min} to ${max}` },
  choice: { read: (text, { choices }) => choices.includes(text) ? text : undefined, expected: ({ choices }) => `one of ${choices.join(', ')}` },
}

/** A table's values by name; an empty text counts as not set. What is wrong is added to the problems. */
const readTable = (table, env, problems) => Object.fromEntries(Object.entries(table).map(([name, setting]) => {
  const text = env[setting.env]?.trim() || setting.default
  if (text === undefined) return [name, undefined]
  const value = kinds[setting.kind].read(String(text), setting)
  if (value === undefined) problems.push(`${setting.env} is '${text}'; ${kinds[setting.kind].expected(setting)} is expected.`)
  return [name, value]
}))

const readPorts = (env, offset, problems) => {
  const table = Object.fromEntries(Object.entries(readTable(portTable, env, problems)).map(([name, number]) => [name, number + offset]))
  const seen = new Map()
  for (const [name, port] of Object.entries(table)) {
    if (port > 65_535) problems.push(`The port of ${name} is ${port} with MILLRACE_PORT_OFFSET ${offset}; no port is greater than 65535.`)
    if (seen.has(port)) problems.push(`${name} and ${seen.get(port)} both have port ${port}; give one of them another.`)
    if (!Number.isNaN(port)) seen.set(port, name)
  }
  return table
}

/**
 * The launcher's settings from the environment; all problems are reported together.
 * Jars and Python packages are kept apart from the state: a second state folder, as tests have, needs no second download.
 */
export const readSettings = (env = process.env) => {
  const problems = []
  const { state, jars, venvs, portOffset, airflow, dags, airflowTasks, airflowRetries, airflowRetrySeconds, sparkUi, java } = readTable(settingsTable, env, problems)
  const ports = readPorts(env, portOffset ?? 0, problems)
  if (problems.length > 0) throw new Error(`The settings are not usable.\n${problems.map((p) => `  ${p}`).join('\n')}\nAll settings: docs/settings.md.`)
  return {
    root,
    state,
    jars,
    venvs,
    run: join(state, 'run'),
    logs: join(state, 'logs'),
    ports,
    airflow: airflow !== 'off',
    dags,
    airflowTasks,
    airflowRetries,
    airflowRetrySeconds,
    sparkUi: sparkUi === 'on',
    java: java === undefined ? 'java' : join(java, 'bin/java'),
    env,
  }
}
