import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Offsets } from '@millrace/spark-connect'
import { CatchUps } from './catch-ups.ts'
import { QueryRun } from './query-run.ts'

const [served, building] = [1, 2]
const query = { name: 'trades.v1.g2@0123456789ab', id: 'q', runId: 'r' }

let catchUps: CatchUps
let run: QueryRun
let stored: Record<number, Offsets>

/** What a round finds when the topic ends at `end` and the new query has read it all. */
const look = async (end: number, now: number): Promise<number[]> => {
  run.committed = { 0: end }
  return [...await catchUps.done([run], { now, ends: { 0: end }, published: { 0: end }, served, stored: (generation) => Promise.resolve(stored[generation] ?? {}) })]
}

beforeEach(async () => {
  catchUps = new CatchUps()
  run = new QueryRun('trades.v1', building)
  run.begun(query)
  stored = { [served]: { 0: 13 }, [building]: {} }
  await look(13, 0)
  await look(13, 1_000)
})

describe('a generation that is built beside a served one', () => {
  it('takes its place when it is stored as far', async () => {
    expect(await look(13, 2_000)).toEqual([])
    expect(catchUps.isAwaited).toBe(false)
    stored[building] = { 0: 13 }
    expect(await look(13, 3_000)).toEqual([building])
  })

  it('is waited for where the served one is stored further by now: readers would lose what they were told is final', async () => {
    stored = { [served]: { 0: 20 }, [building]: { 0: 13 } }
    expect(await look(20, 2_000)).toEqual([])
    expect(catchUps.isAwaited).toBe(true)
    stored[building] = { 0: 20 }
    expect(await look(21, 3_000)).toEqual([building])
    expect(catchUps.isAwaited).toBe(false)
  })

  it('holds nothing up for ever: after two minutes it has to catch up again', async () => {
    stored = { [served]: { 0: 20 }, [building]: { 0: 13 } }
    await look(20, 121_000)
    expect(catchUps.isAwaited).toBe(false)
    await look(20, 122_000)
    expect(catchUps.isAwaited).toBe(false)
    stored[building] = { 0: 20 }
    expect(await look(20, 123_000)).toEqual([building])
  })

  it('is not asked for what the topic has no more', async () => {
    stored = { [served]: { 0: 900 }, [building]: { 0: 13 } }
    expect(await look(13, 2_000)).toEqual([building])
  })

  it('is compared with no offsets of another log', async () => {
    stored = { [served]: { 0: 20 }, [building]: { 0: 13 } }
    run.committed = { 0: 20 }
    expect([...await catchUps.done([run], { now: 2_000, ends: { 0: 20 }, published: { 0: 13 }, served: undefined, stored: (generation) => Promise.resolve(stored[generation] ?? {}) })]).toEqual([building])
  })
})
