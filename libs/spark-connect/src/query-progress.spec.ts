import { describe, expect, it } from '@jest/globals'
import { queryProgress } from './query-progress.ts'

/** As Spark 4.2.0 writes it, shortened. */
const batch = {
  id: 'b4922d56', runId: '4a325eb3', name: 'q', timestamp: '2026-11-22T18:09:55.915Z', batchId: 3, batchDuration: 2652,
  durationMs: { triggerExecution: 2652, addBatch: 1973 },
  stateOperators: [
    { operatorName: 'stateStoreSave', numRowsTotal: 8, numRowsDroppedByWatermark: 0, customMetrics: { loadedMapCacheHitCount: 1 } },
    { operatorName: 'dedupeWithinWatermark', numRowsTotal: 13, numRowsDroppedByWatermark: 2, customMetrics: { numDroppedDuplicateRows: 1 } },
  ],
  sources: [{ startOffset: '{"trades.v1":{"0":10,"1":9}}', endOffset: '{"trades.v1":{"0":15,"1":18}}', latestOffset: '{"trades.v1":{"0":16,"1":18}}', numInputRows: 33, processedRowsPerSecond: 12.5 }],
  observedMetrics: { intake: { values: [33, 18], schema: { type: 'struct', fields: [{ name: 'total' }, { name: 'malformed' }] } } },
}

describe('a progress report', () => {
  it('is read with its offsets, states and metrics', () => {
    expect(queryProgress(JSON.stringify(batch), 'trades.v1')).toEqual({
      runId: '4a325eb3', batchId: 3, isBatch: true, timestamp: '2026-11-22T18:09:55.915Z', inputRows: 33, processedRowsPerSecond: 12.5, durationMs: 2652,
      from: { 0: 10, 1: 9 }, committed: { 0: 15, 1: 18 }, latest: { 0: 16, 1: 18 }, stateRows: 21, droppedByWatermark: 2, duplicates: 1, observed: { intake: { total: 33, malformed: 18 } },
    })
  })

  it('of an idle query is no batch', () => {
    expect(queryProgress(JSON.stringify({ ...batch, durationMs: { latestOffset: 2, triggerExecution: 3 } }), 'trades.v1').isBatch).toBe(false)
  })

  it('may lack offsets, rates and metrics', () => {
    const empty = queryProgress('{"sources":[{"startOffset":null,"endOffset":null,"processedRowsPerSecond":"NaN"}]}', 'trades.v1')
    expect(empty).toMatchObject({ batchId: -1, from: {}, committed: {}, latest: {}, processedRowsPerSecond: 0, stateRows: 0, observed: {} })
  })

  it('tells nothing of other topics', () => {
    expect(queryProgress(JSON.stringify(batch), 'other.v1').committed).toEqual({})
  })
})
