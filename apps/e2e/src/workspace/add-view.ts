import { join } from 'node:path'
import { editFile } from './edit-file.ts'

const strongPerDay = `    'strong-per-day': {
      summary: 'Earthquakes of magnitude 2.5 and more a day by network.',
      window: tumbling('1 day'),
      by: ['network'],
      where: atLeast('magnitude', 2.5),
      measures: { deepestKm: max('depthKm'), shallowestKm: min('depthKm'), meanMagnitude: avg('magnitude') },
    },
`

/** Declares one more view of earthquakes in a copy of the workspace. `strongPerDayRows` of the oracle says what it must answer. */
export function addView(workspace: string): void {
  const file = join(workspace, 'libs/streams/src/earthquakes.stream.ts')
  editFile(file, 'import { avg, defineStream, httpSource, instant, max, real,', 'import { atLeast, avg, defineStream, httpSource, instant, max, min, real,')
  editFile(file, "    'six-hours': {\n", `${strongPerDay}    'six-hours': {\n`)
}
