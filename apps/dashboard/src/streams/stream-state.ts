import type { StreamAnswer } from '../api/answers.ts'
import { durationText } from '../format/duration-text.ts'

/** How a stream stands, in one word; the mark beside it has a shape of its own for each tone. */
export interface StreamState {
  readonly tone: 'good' | 'slow' | 'bad' | 'idle' | 'unknown'
  readonly word: string
  /** The same as a sentence. */
  readonly sentence: string
}

/** Rows are behind for a moment after each event; from here on it is worth a word. */
const behindFromMs = 5_000

interface Asked {
  readonly stream: Pick<StreamAnswer, 'paused' | 'highestEventTime' | 'generation' | 'freshness'>
  /** Closed hours that do not balance; null where nobody has looked yet. */
  readonly unbalanced: number | null
  readonly isStale: boolean
}

export function streamState({ stream: { paused, highestEventTime, generation, freshness }, unbalanced, isStale }: Asked): StreamState {
  if (isStale) return { tone: 'unknown', word: 'unknown', sentence: 'The figures are old: query-api does not answer.' }
  if (unbalanced !== null && unbalanced > 0) return { tone: 'bad', word: 'unbalanced', sentence: `${unbalanced === 1 ? 'One closed hour does' : `${unbalanced} closed hours do`} not balance: see the ledger.` }
  if (paused) return { tone: 'idle', word: 'paused', sentence: 'Ingestion pulls nothing until it is resumed.' }
  if (highestEventTime === null) return { tone: 'idle', word: 'waiting', sentence: 'No event has come yet.' }
  if (generation === null) return { tone: 'idle', word: 'waiting', sentence: 'Events have come; no generation of rows is served yet.' }
  const { behindMs } = freshness
  if (behindMs === null) return { tone: 'idle', word: 'waiting', sentence: 'Nothing has been stored yet.' }
  if (behindMs >= behindFromMs) return { tone: 'slow', word: `behind ${durationText(behindMs)}`, sentence: `The rows last moved on ${durationText(behindMs)} ago, and events are waiting.` }
  return { tone: 'good', word: 'fresh', sentence: behindMs === 0 ? 'The rows hold everything that is published.' : `The rows follow what is published by ${durationText(behindMs)}.` }
}
