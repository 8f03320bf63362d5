import { expect } from '@jest/globals'
import { readView, withoutFinal } from '../../http/read-view.ts'
import { differences } from '../../oracle/differences.ts'
import { perHourRows, sixHourRows } from '../../oracle/quake-rows.ts'
import { week } from '../earthquakes.suite.ts'
import type { Operated } from './operated.ts'

const key = ['network', 'windowStart']

/** Every row of both views, by time and of one network by its own table, as computed from the quakes that count. */
export async function expectTrueQuakes({ line: { urls: { queryApi } }, all }: Operated): Promise<void> {
  const rows = async (path: string) => withoutFinal(await readView(queryApi, path, week, 1_000))
  expect(differences(perHourRows(all), await rows('/v1/earthquakes/per-hour'), { key, within: ['meanMagnitude', 'meanDepthKm'] })).toEqual([])
  expect(differences(sixHourRows(all), await rows('/v1/earthquakes/six-hours'), { key, within: ['meanDepthKm'] })).toEqual([])
  const ofOne = perHourRows(all).filter(({ network }) => network === 'nc')
  expect(differences(ofOne, await rows('/v1/earthquakes/per-hour/nc'), { key, within: ['meanMagnitude', 'meanDepthKm'] })).toEqual([])
}
