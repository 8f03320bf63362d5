import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { control } from '../../http/simulator.ts'
import { launcher } from '../../line/launcher.ts'
import { Line } from '../../line/line.ts'
import { jarsFolder, workspaceRoot } from '../../line/places.ts'
import { unmountUnder } from '../faults/small-disk.ts'

const usualOffset = 600

/**
 * A line that nobody uses: ports and a state folder of its own, so that no drill touches what somebody has stored. With
 * another MILLRACE_PORT_OFFSET a second run of drills goes on beside the first.
 */
export function drillLine(settings: Readonly<Record<string, string>> = {}): Line {
  const portOffset = Number(process.env['MILLRACE_PORT_OFFSET'] ?? usualOffset)
  return new Line({
    root: workspaceRoot,
    state: join(workspaceRoot, portOffset === usualOffset ? '.millrace/drill' : `.millrace/drill-${portOffset}`),
    portOffset,
    settings: {
      MILLRACE_JARS: process.env['MILLRACE_JARS'] ?? jarsFolder,
      MILLRACE_AIRFLOW: 'off',
      MILLRACE_SIMULATOR_SPEED: 'max',
      MILLRACE_SIMULATOR_TRADES_RATE: '20',
      MILLRACE_SIMULATOR_TRADES_KEPT: '4000000',
      MILLRACE_INGESTION_RUNS_PER_MINUTE: '1000',
      ...settings,
    },
  })
}

/** From nothing, with trades paused. */
export async function startDrillLine(line: Line): Promise<void> {
  await removeDrillLine(line)
  mkdirSync(line.state, { recursive: true, mode: 0o700 })
  await launcher(line, 'start', '--detach')
  await control(line, { speed: 0, trades: { rate: 0 } })
}

/** Stops it and removes all it has written, except the logs where somebody wants to read them. */
export async function removeDrillLine(line: Line): Promise<void> {
  await launcher(line, 'stop')
  unmountUnder(line.state)
  rmSync(line.state, { recursive: true, force: true })
}
