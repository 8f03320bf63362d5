import { afterAll, describe, expect, it } from '@jest/globals'
import type { Run } from '../http/trigger-run.ts'
import type { Line } from '../line/line.ts'
import type { Quake } from '../oracle/raw-quakes.ts'
import { deadLettersSuite } from './operate/dead-letters.suite.ts'
import { eventsSuite } from './operate/events.suite.ts'
import { lateSuite } from './operate/late.suite.ts'
import { guideFile, Operated } from './operate/operated.ts'

/** Dead letters, late events, replays and single events, by the commands of the operator's guide. Answers the quakes that count besides those of the file. */
export function operateSuite(line: Line, firstRun: () => Run | undefined): readonly Quake[] {
  const operated = new Operated(line, firstRun)

  describe(guideFile, () => {
    afterAll(() => { operated.close() })

    deadLettersSuite(operated)
    lateSuite(operated)
    eventsSuite(operated)

    it('has no other command than those that were typed; the rebuild is typed on the line with Airflow, the restore is what drill F16 does', () => {
      expect(operated.guide.left).toEqual([expect.stringContaining('"rebuild": true'), expect.stringContaining('/restore')])
    })
  })
  return operated.added
}
