import { ServiceError } from '../service.errors.ts'
import { processEnvironment, type Environment } from './environment.ts'
import { parseSetting } from './parse-setting.ts'
import type { SettingsOf, SettingsTable } from './setting.ts'

/** The settings of a worker cannot be used. `fields.problems` and the message list all of them. */
export class SettingsError extends ServiceError {
  constructor(problems: readonly string[]) {
    super('settings_invalid', `${problems.length === 1 ? 'A setting is' : `${problems.length} settings are`} wrong. ${problems.join(' ')} All settings: docs/settings.md.`, { fields: { problems } })
  }
}

/** Reads a table from the environment, typed. All problems come together in one SettingsError. An empty text counts as not set. */
export function readSettings<T extends SettingsTable>(table: T, env: Environment = processEnvironment()): SettingsOf<T> {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries(table)) {
    const result = parseSetting(setting, env)
    if ('problem' in result) problems.push(result.problem)
    else values[name] = result.value
  }
  if (problems.length > 0) throw new SettingsError(problems)
  return values as SettingsOf<T>
}
