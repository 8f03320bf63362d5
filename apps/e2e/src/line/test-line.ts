import { join } from 'node:path'
import { Line } from './line.ts'
import { jarsFolder, workspaceRoot } from './places.ts'

const usualOffset = 700
const simulatorPort = 13_009

/**
 * The line of the tests: ports and a state folder of its own, so that a line that runs here goes on undisturbed. Every quake
 * is served from the start, and a few trades, until a suite asks for more. `MILLRACE_PORT_OFFSET` moves its ports.
 */
export function testLine(): Line {
  const portOffset = Number(process.env['MILLRACE_PORT_OFFSET'] ?? usualOffset)
  return new Line({
    root: workspaceRoot,
    state: join(workspaceRoot, '.millrace-e2e'),
    portOffset,
    settings: {
      MILLRACE_JARS: jarsFolder,
      // No suite here asks it to do anything, and it would take the processor from what is tested.
      MILLRACE_AIRFLOW: 'off',
      MILLRACE_SIMULATOR_SPEED: 'max',
      MILLRACE_SIMULATOR_TRADES_RATE: '2',
      // A drill asks for a run with every answer that is lost.
      MILLRACE_INGESTION_RUNS_PER_MINUTE: '1000',
      // The launcher moves the sources it knows to the simulator's port; the stream of the guide is not among them.
      MILLRACE_SOURCE_QUAKE_REVISIONS_URL: `http://127.0.0.1:${simulatorPort + portOffset}/fdsnws/event/1/query`,
    },
  })
}
