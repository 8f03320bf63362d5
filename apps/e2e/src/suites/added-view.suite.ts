import { describe, expect, it } from '@jest/globals'
import { UnexpectedAnswer } from '../http/get-json.ts'
import { readView, withoutFinal, type Row } from '../http/read-view.ts'
import { streamStatus } from '../http/stream-status.ts'
import { eventually } from '../line/eventually.ts'
import { launcher, run } from '../line/launcher.ts'
import type { Line } from '../line/line.ts'
import { differences } from '../oracle/differences.ts'
import { perHourRows, strongPerDayRows } from '../oracle/quake-rows.ts'
import { rawQuakes, type Quake } from '../oracle/raw-quakes.ts'
import { addView } from '../workspace/add-view.ts'
import { week } from './earthquakes.suite.ts'

interface Sight {
  readonly generation: number | null
  readonly old: readonly string[]
  readonly added: readonly Row[]
}

const key = ['network', 'windowStart']

/**
 * One look at the stream through REST: which generation is served, how the old view differs from the quakes, and the rows
 * of the added view. Null where the generation changed while looking, or where the API does not answer yet.
 */
async function look({ urls: { queryApi } }: Line, quakes: readonly Quake[]): Promise<Sight | null> {
  try {
    const { generation } = await streamStatus(queryApi, 'earthquakes')
    const perHour = withoutFinal(await readView(queryApi, '/v1/earthquakes/per-hour', week, 1_000))
    const added = withoutFinal(await readView(queryApi, '/v1/earthquakes/strong-per-day', week, 1_000))
    if ((await streamStatus(queryApi, 'earthquakes')).generation !== generation) return null
    return { generation, old: differences(perHourRows(quakes), perHour, { key, within: ['meanMagnitude', 'meanDepthKm'] }), added }
  } catch (error) {
    const isNotUpYet = error instanceof TypeError || (error instanceof UnexpectedAnswer && error.status === 503)
    if (isNotUpYet) return null
    throw error
  }
}

/**
 * A view is added to a stream that has data: the new generation is built beside the old one and served in one step. `added`
 * are quakes that count besides those of the file, late ones that were included among them: they are carried along.
 */
export function addedViewSuite(line: Line, workspace: string, added: readonly Quake[]): void {
  const edited = line.in(workspace)

  describe('an added view', () => {
    it('is built from the topic while the old generation is served, and appears in one step', async () => {
      const before = await streamStatus(line.urls.queryApi, 'earthquakes')
      const quakes = [...rawQuakes(line.root), ...added]
      addView(workspace)
      await run(edited, 'npm', ['run', '--silent', 'provision', '--', 'generate'])
      await launcher(line, 'stop')

      const started = launcher(edited, 'start', '--detach')
      const sights: Sight[] = []
      const hasChanged = (): boolean => sights.at(-1)?.generation !== undefined && sights.at(-1)?.generation !== before.generation
      await Promise.all([started, eventually(async () => {
        const sight = await look(edited, quakes)
        if (sight) sights.push(sight)
        return hasChanged()
      }, { deadlineMs: 840_000, everyMs: 100, what: 'the next generation to be served' })])

      const expected = strongPerDayRows(quakes)
      const [old, next] = [sights.filter(({ generation }) => generation === before.generation), sights.filter(({ generation }) => generation !== before.generation)]
      expect(old.length).toBeGreaterThan(0)
      expect([...new Set(sights.flatMap(({ old: broken }) => broken))]).toEqual([])
      expect(old.flatMap(({ added }) => added)).toEqual([])
      expect(next.flatMap(({ added }) => differences(expected, added, { key, within: ['meanMagnitude'] }))).toEqual([])
      expect(new Set(next.map(({ generation }) => generation)).size).toBe(1)
      expect(next[0]?.generation).toBeGreaterThan(before.generation ?? 0)
      expect((await streamStatus(edited.urls.queryApi, 'earthquakes')).counts.fresh).toBe(before.counts.fresh)
    }, 960_000)
  })
}
