import { describe, expect, it } from '@jest/globals'
import type { Generation } from '../ports.ts'
import { decideQueries, type ActiveQuery, type StreamObservation } from './decide-queries.ts'

const now = 10_000_000_000
const hash = 'aaaaaaaaaaaa'
const older = 'bbbbbbbbbbbb'
const generation = (number: number, state: Generation['state'], change: Partial<Generation> = {}): Generation =>
  ({ generation: number, state, kind: 'plan', planHash: hash, checkpoint: `/c/g${number}`, floor: null, createdAt: now, ...change })
const runs = (number: number, planHash = hash): ActiveQuery => ({ name: `trades.v1.g${number}@${planHash}`, generation: number, planHash })
const decide = (seen: Partial<StreamObservation>) =>
  decideQueries({ now, planHash: hash, retentionMs: 3_600_000, generations: [], active: [], holds: new Map(), caughtUp: new Set(), isIngestionKnown: true, isRebuildAsked: false, ...seen })
    .map((action) => (action.do === 'start' ? `start ${action.generation.generation}` : action.do === 'stop' ? `stop ${action.query.generation}` : action.do === 'allocate' ? `allocate ${action.kind}` : `${action.do} ${action.generation}`))

describe('a stream that was never run', () => {
  it('is given its first generation, which is started, and promoted when it runs: there is nothing to keep whole', () => {
    expect(decide({})).toEqual(['allocate first'])
    expect(decide({ generations: [generation(1, 'building')] })).toEqual(['start 1'])
    expect(decide({ generations: [generation(1, 'building')], active: [runs(1)] })).toEqual(['promote 1'])
    expect(decide({ generations: [generation(1, 'served')], active: [runs(1)] })).toEqual([])
  })

  it('is not promoted while nobody knows what was published: its floor could not be told', () => {
    expect(decide({ generations: [generation(1, 'building')], active: [runs(1)], isIngestionKnown: false })).toEqual([])
  })
})

describe('a served generation', () => {
  const generations = [generation(4, 'served'), generation(3, 'retired')]

  it('is started when it does not run, and left alone when it does', () => {
    expect(decide({ generations })).toEqual(['start 4'])
    expect(decide({ generations, active: [runs(4)] })).toEqual([])
  })

  it('waits while it is held, for a time or for an operator', () => {
    const held = (until: number | null) => decide({ generations, holds: new Map([[4, { since: now - 1_000, until, isBeyondRepair: true }]]) })
    expect(held(now + 1)).toEqual([])
    expect(held(now)).toEqual(['start 4'])
    expect(held(null)).toEqual([])
  })

  it('does not wait for a clock that was set back to come there again', () => {
    const later = now + 6 * 3_600_000
    const held = (until: number | null) => decide({ generations, holds: new Map([[4, { since: later, until, isBeyondRepair: true }]]) })
    expect(held(later + 1_000)).toEqual(['start 4'])
    expect(held(null)).toEqual([])
  })

  it('is not followed by an older one, which could not be given up before it was promoted', () => {
    const left = [...generations, generation(2, 'building')]
    expect(decide({ generations: left, active: [runs(4)], caughtUp: new Set([2]) })).toEqual(['retire 2'])
    expect(decide({ generations: left, active: [runs(4), runs(2)] })).toEqual(['stop 2', 'retire 2'])
  })

  it('is built anew beside itself when an operator asks for it', () => {
    expect(decide({ generations, active: [runs(4)], isRebuildAsked: true })).toEqual(['allocate rebuild'])
  })
})

describe('a topic that was made anew', () => {
  const served = generation(4, 'served')

  it('is read by no query of before, and a generation is built over it by itself', () => {
    expect(decide({ generations: [served], active: [runs(4)], incarnation: 1 })).toEqual(['stop 4', 'allocate rebuild'])
    expect(decide({ generations: [served], incarnation: 1 })).toEqual(['allocate rebuild'])
    const next = generation(5, 'building', { incarnation: 1 })
    expect(decide({ generations: [next, served], incarnation: 1 })).toEqual(['start 5'])
    expect(decide({ generations: [next, served], active: [runs(5)], caughtUp: new Set([5]), incarnation: 1 })).toEqual(['promote 5'])
    expect(decide({ generations: [{ ...next, state: 'served' }, { ...served, state: 'retired' }], active: [runs(5)], incarnation: 1 })).toEqual([])
  })

  it('ends what was being built over the old one, or over it before it was restored', () => {
    expect(decide({ generations: [generation(5, 'building'), served], active: [runs(4), runs(5)], caughtUp: new Set([5]), incarnation: 1 })).toEqual(['stop 4', 'stop 5', 'retire 5', 'allocate rebuild'])
  })

  it('is not known by a bridge that cannot ask', () => {
    expect(decide({ generations: [generation(4, 'served', { incarnation: 3 })] })).toEqual(['start 4'])
  })
})

describe('a plan that changed', () => {
  const served = generation(4, 'served', { planHash: older })

  it('becomes a new generation while the old one goes on', () => {
    expect(decide({ generations: [served], active: [runs(4, older)] })).toEqual(['allocate plan'])
    expect(decide({ generations: [generation(5, 'building'), served], active: [runs(4, older)] })).toEqual(['start 5'])
    expect(decide({ generations: [generation(5, 'building'), served], active: [runs(4, older), runs(5)] })).toEqual([])
  })

  it('is promoted when it has caught up, and then the old query is stopped', () => {
    expect(decide({ generations: [generation(5, 'building'), served], active: [runs(4, older), runs(5)], caughtUp: new Set([5]) })).toEqual(['promote 5'])
    expect(decide({ generations: [generation(5, 'served'), { ...served, state: 'retired' }], active: [runs(4, older), runs(5)] })).toEqual(['stop 4'])
  })

  it('never starts the old plan again, for nobody knows it any more', () => {
    expect(decide({ generations: [generation(5, 'building'), served], active: [runs(5)] })).toEqual([])
  })

  it('gives up what was being built when it changes again, or back', () => {
    const building = generation(5, 'building', { planHash: 'cccccccccccc' })
    expect(decide({ generations: [building, served], active: [runs(5, 'cccccccccccc')] })).toEqual(['stop 5', 'retire 5', 'allocate plan'])
    expect(decide({ generations: [building, generation(4, 'served')], active: [runs(4)] })).toEqual(['retire 5'])
  })
})

describe('a generation that is being built', () => {
  const generations = [generation(5, 'building'), generation(4, 'served')]
  const active = [runs(4)]

  it('is given up for another when its checkpoint is beyond repair: nobody reads it yet', () => {
    expect(decide({ generations, active, holds: new Map([[5, { since: now, until: null, isBeyondRepair: true }]]) })).toEqual(['retire 5'])
    expect(decide({ generations, active, holds: new Map([[5, { since: now, until: null, isBeyondRepair: false }]]) })).toEqual([])
  })

  it('is the newest: of two bridges that allocated at once, one generation is given up', () => {
    expect(decide({ generations: [generation(6, 'building'), ...generations], active: [runs(4), runs(5)] })).toEqual(['stop 5', 'retire 5', 'start 6'])
  })

  it('is begun anew when an operator asks for a rebuild', () => {
    expect(decide({ generations, active: [runs(4), runs(5)], isRebuildAsked: true })).toEqual(['stop 5', 'retire 5', 'allocate rebuild'])
  })
})

describe('what nobody wants', () => {
  it('is stopped: a retired generation, an unknown one, another plan under a known number', () => {
    const generations = [generation(4, 'served'), generation(3, 'retired')]
    expect(decide({ generations, active: [runs(4), runs(3), runs(9)] })).toEqual(['stop 3', 'stop 9'])
    expect(decide({ generations, active: [runs(4, older)] })).toEqual(['stop 4', 'start 4'])
  })

  it('is an older served generation, once all its rows have expired', () => {
    const after = (createdAt: number) => decide({ generations: [generation(5, 'served', { floor: 7, createdAt }), generation(4, 'served')], active: [runs(5)] })
    expect(after(now - 3_600_000 - 86_400_000)).toEqual(['retire 4'])
    expect(after(now - 3_600_000)).toEqual([])
  })

  it('is a range that was computed once, when its rows have expired', () => {
    const range = (createdAt: number, state: Generation['state'] = 'served') => generation(6, state, { range: { from: 0, to: 9 }, createdAt })
    const after = (...ranges: Generation[]) => decide({ generations: [generation(4, 'served')], ranges, active: [runs(4)] })
    expect(after(range(now - 3_600_000 - 86_400_000))).toEqual(['retire 6'])
    expect(after(range(now - 3_600_000), range(0, 'building'), range(0, 'retired'))).toEqual([])
  })
})
