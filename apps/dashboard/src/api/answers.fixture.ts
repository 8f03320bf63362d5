import type { HourAnswer, LedgerAnswer, StreamAnswer, ViewAnswer } from './answers.ts'
import type { DeadAnswer, EventAnswer, LateAnswer, LetterCounts } from './kept-answers.ts'

/** Answers as query-api gives them. `answers.spec.ts` holds each against the OpenAPI document. */

export const aView: ViewAnswer = { name: 'per-minute', summary: 'Prices every minute.', path: '/v1/trades/per-minute', window: { kind: 'tumbling', size: '1 minute', slide: '1 minute' }, by: ['symbol'], measures: [{ name: 'vwap', kind: 'real', isOptional: false }] }

export const aStream: StreamAnswer = {
  name: 'trades', version: 1, summary: 'A trade of a share on an exchange.', paused: false,
  highestEventTime: '2026-11-22T19:23:48.290Z', watermark: '2026-11-22T19:23:38.290Z', finalUntil: '2026-11-22T19:23:36.270Z', generation: 3,
  counts: { fetched: 32_276, fresh: 32_162, repeated: 110, rejected: 4, late: 41, published: 32_121 },
  offsets: { published: { 0: 18_000, 1: 14_121 }, stored: { 0: 17_937, 1: 14_083 } }, lag: { 0: 63, 1: 38 },
  freshness: { storedAt: '2026-11-22T19:23:48.000Z', behindMs: 700 },
  views: [aView],
}

export const anHour: HourAnswer = { bucket: '2026-11-22T18:00:00.000Z', state: 'balanced', fetched: 3_544, fresh: 3_532, repeated: 11, rejected: 1, published: 3_532, late: 0, included: 0, aggregated: 3_532, views: { 'per-minute': 3_532 }, differences: [] }

export const aLedger: LedgerAnswer = { stream: 'trades', version: 1, generation: 3, finalUntil: '2026-11-22T19:23:36.270Z', summary: { open: 0, balanced: 1, unbalanced: 0, expired: 0 }, data: [anHour], page: { next: null } }

const letter = { detail: '/price must be number', origin: { url: 'http://127.0.0.1:13009/v1/trades', page: 0, index: 4 }, run: 'r1', receivedAt: '2026-11-22T19:23:40.000Z', content: { encoding: 'utf-8', text: '{"id":\n 1}', bytes: 10, isCut: false } } as const

export const aLate: LateAnswer = { ...letter, id: '1795375416000.q5mZ0mC8u0m1o1yqk6v2Gw', reason: 'late', eventId: 'q5mZ0mC8u0m1o1yqk6v2Gw', eventTime: '2026-11-22T19:23:36.000Z', includedGeneration: null }

export const aDead: DeadAnswer = { ...letter, id: '2026-11-22.trades.v1.dead-letters.0.17', reason: 'schema', eventId: null, eventTime: null, hop: 'validate', redrive: 'record', state: 'open', attempts: 0, lastAttempt: null, redriven: null }

export const noLetters: LetterCounts = { from: '2026-11-15T19:23:48.291Z', to: '2026-11-22T19:23:48.291Z', letters: 0, byReason: {}, page: { next: null } }

export const anEvent: EventAnswer = {
  id: 'q5mZ0mC8u0m1o1yqk6v2Gw', stream: 'trades', version: 1, run: 'r1', page: { epoch: 3, seq: 17 }, state: 'published', eventTime: '2026-11-22T19:23:36.000Z',
  topic: { topic: 'trades.v1', partition: 1, offset: 31_041 },
  windows: [{ view: 'per-minute', group: { symbol: 'ALDR' }, start: '2026-11-22T19:23:00.000Z', end: '2026-11-22T19:24:00.000Z', path: '/v1/trades/per-minute/ALDR', row: { events: 136, generation: 3, final: false } }],
  late: null,
}
