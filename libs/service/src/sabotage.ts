import { sabotageActive } from './service.signals.ts'
import { processEnvironment, type Environment } from './settings/environment.ts'
import { SettingsError } from './settings/read-settings.ts'

/**
 * Protections that a drill switches off, to see that it would notice (npm run drill -- --sabotage <name>). Not a setting: it
 * is in no table, and a process takes it only where NODE_ENV says that it runs for tests.
 */
export const sabotages = ['cursor-before-ack', 'write-ahead-off', 'idempotent-producer', 'version-timestamp-off', 'spark-dedup-off'] as const
export type Sabotage = (typeof sabotages)[number]

/** Whether this protection is switched off in this process; says so loudly. Throws SettingsError where that is not for a process to have. */
export function isSabotaged(name: Sabotage, env: Environment = processEnvironment()): boolean {
  const asked = env['MILLRACE_SABOTAGE']
  if (asked === undefined || asked === '') return false
  if (env['NODE_ENV'] !== 'test') throw new SettingsError([`MILLRACE_SABOTAGE is '${asked}': it switches off what keeps events from being lost, and is only for drills. Unset it.`])
  if (asked !== name) return false
  sabotageActive({ name })
  return true
}
