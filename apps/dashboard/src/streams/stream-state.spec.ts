import { describe, expect, it } from '@jest/globals'
import { aStream } from '../api/answers.fixture.ts'
import type { StreamAnswer } from '../api/answers.ts'
import { streamKey, streamOf } from './stream-key.ts'
import { streamState } from './stream-state.ts'

const wordOf = (more: Partial<StreamAnswer>, { unbalanced = 0, isStale = false }: { unbalanced?: number | null; isStale?: boolean } = {}) => {
  const { tone, word } = streamState({ stream: { ...aStream, ...more }, unbalanced, isStale })
  return [tone, word]
}
const behind = (behindMs: number | null) => ({ freshness: { storedAt: null, behindMs } })

describe('the state of a stream', () => {
  it('is fresh while its rows follow what is published', () => {
    expect([wordOf(behind(0)), wordOf(behind(4_999))]).toEqual([['good', 'fresh'], ['good', 'fresh']])
  })

  it('is behind, and by how much, when its rows stop following', () => {
    expect(wordOf(behind(12_400))).toEqual(['slow', 'behind 12 s'])
  })

  it('is waiting before the first event, the first generation and the first row', () => {
    expect([wordOf({ highestEventTime: null }), wordOf({ generation: null }), wordOf(behind(null))]).toEqual(Array(3).fill(['idle', 'waiting']))
  })

  it('is paused when ingestion is', () => {
    expect(wordOf({ paused: true, ...behind(60_000) })).toEqual(['idle', 'paused'])
  })

  it('is unbalanced, whatever else it is, when a closed hour does not balance', () => {
    expect([wordOf({ paused: true }, { unbalanced: 2 }), wordOf({}, { unbalanced: null })]).toEqual([['bad', 'unbalanced'], ['good', 'fresh']])
  })

  it('is never told from old figures', () => {
    expect(wordOf({}, { unbalanced: 2, isStale: true })).toEqual(['unknown', 'unknown'])
  })
})

describe('the stream of an address', () => {
  const [one, two, other] = [aStream, { ...aStream, version: 2 }, { ...aStream, name: 'quakes' }]
  const streams = [other, two, one]
  const keyOf = (stream: string | null, version: number | null) => { const found = streamOf(streams, { stream, version }); return found && streamKey(found) }

  it('is the first where none is named, and the newest version of the one that is', () => {
    expect([keyOf(null, null), keyOf('trades', null), keyOf('trades', 1), keyOf('trades', 3), keyOf('none', null)]).toEqual(['quakes.v1', 'trades.v2', 'trades.v1', null, null])
  })
})
