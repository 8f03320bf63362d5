import { rmSync } from 'node:fs'
import { postJson } from '../http/get-json.ts'
import { control } from '../http/simulator.ts'
import { endOfRun, enterRun, type Run } from '../http/trigger-run.ts'
import { eventually } from './eventually.ts'
import { launcher } from './launcher.ts'
import type { Line } from './line.ts'

const patience = { deadlineMs: 840_000, everyMs: 200 }

/**
 * Starts the line from nothing, and lets one triggered run pull all quakes; answers that run. The start ends when windows of
 * both streams can be read, so the run happens during it: the simulator shows no quake before it is told to, ingestion is
 * held while the run is entered and all quakes appear, and a run goes before a poll.
 */
export async function startLine(line: Line): Promise<Run> {
  await launcher(line, 'stop')
  rmSync(line.state, { recursive: true, force: true })
  const [run] = await Promise.all([pullAllQuakes(line), launcher(line, 'start', '--detach')])
  return run
}

/** Has one triggered run pull all quakes, while the line starts; answers that run. */
export async function pullAllQuakes(line: Line): Promise<Run> {
  await eventually(() => control(line, { speed: 0, start: '2018-01-01T00:00:00Z' }), { ...patience, what: 'the simulator to answer' })
  const hold = (what: 'pause' | 'resume'): Promise<unknown> =>
    postJson(`${line.urls.ingestion}/v1/streams/earthquakes/${what}`, {}, { authorization: `Bearer ${line.key('control')}` })
  await eventually(() => hold('pause'), { ...patience, what: 'ingestion to pause earthquakes' })
  const id = await enterRun(line, 'earthquakes')
  await control(line, { speed: 'max' })
  await hold('resume')
  return endOfRun(line, id)
}
