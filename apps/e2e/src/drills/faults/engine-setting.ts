import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../../line/line.ts'
import type { Processes } from './processes.ts'

const files = { kafka: 'kafka/server.properties', cassandra: 'cassandra/cassandra.yaml' } as const

/** Changes the settings of an engine of the line, and lets it start again with them. Nothing happens where they are so already. */
export async function engineSetting(line: Line, processes: Processes, engine: keyof typeof files, change: (text: string) => string): Promise<void> {
  const file = join(line.state, files[engine])
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  if (after === before) return
  writeFileSync(file, after, { mode: 0o600 })
  const old = await processes.signal(engine, 'SIGTERM')
  await processes.ready(engine, old)
}
