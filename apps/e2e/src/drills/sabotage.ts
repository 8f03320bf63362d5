import { sabotages } from '@millrace/service'
import type { Line } from '../line/line.ts'
import { engineSetting } from './faults/engine-setting.ts'
import { Processes } from './faults/processes.ts'

/**
 * Protections that can be switched off, to see that the drills see it. Only a line that runs for tests takes these; see
 * libs/service, `sabotage`.
 */
const ofWorkers: readonly string[] = sabotages
/** Of an engine: the drills change its settings. */
const periodicCommitLog = 'commitlog-periodic'

/** The settings that a line is started with for it. Throws for one that there is not. */
export function sabotageSettings(name: string): Readonly<Record<string, string>> {
  if (name === periodicCommitLog) return {}
  if (!ofWorkers.includes(name)) throw new Error(`There is no sabotage '${name}'. There are: ${[...sabotages, periodicCommitLog].join(', ')}.`)
  return { MILLRACE_SABOTAGE: name, NODE_ENV: 'test' }
}

/** What is done to the engines of a line that has just been started. */
export async function sabotageEngines(line: Line, name: string): Promise<void> {
  if (name !== periodicCommitLog) return
  await engineSetting(line, new Processes(line), 'cassandra', (text) => text.replace(/^commitlog_sync: .*$/m, 'commitlog_sync: periodic\ncommitlog_sync_period: 10s'))
}
