import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { trades } from '@millrace/streams'
import { testKeys } from '@millrace/testing'
import { startSimulator, type SimulatorProcess } from '../testing/simulator-process.ts'
import { HttpSourceReader } from './http-source-reader.ts'
import type { SourcePage } from './source-reader.ts'

let simulator: SimulatorProcess
let reader: HttpSourceReader
beforeAll(async () => {
  simulator = await startSimulator(testKeys())
  reader = new HttpSourceReader({ hosts: [simulator.host], allowLoopback: true, allowPrivate: false })
  await simulator.control({ trades: { rate: 10_000, stopAfter: 200 } })
}, 60_000)
afterAll(async () => {
  await reader.close()
  await simulator.stop()
})

const ask = async (faults: object): Promise<SourcePage> => {
  await simulator.control({ faults: { seed: 1, trades: faults } })
  return reader.read({ ...trades, source: { ...trades.source, url: `http://${simulator.host}/v1/trades`, pageSize: 100 } }, { cursor: { seq: 0 }, page: 0, greatest: { seq: 0 } }, new AbortController().signal)
}

describe('what the reader makes of a source that', () => {
  it.each([
    ['tooManyRequests', 'source_busy', 'later', expect.objectContaining({ retryAfterMs: expect.any(Number) })],
    ['unavailable', 'source_busy', 'later', expect.anything()],
    ['serverError', 'source_failed', 'later', expect.anything()],
    ['htmlError', 'source_failed', 'later', expect.anything()],
    ['cutJson', 'source_answer_unreadable', 'later', expect.anything()],
    ['reset', 'source_unreachable', 'later', expect.anything()],
    ['redirectLoop', 'source_refused', 'never', expect.anything()],
    ['gzipBomb', 'source_answer_too_large', 'never', expect.anything()],
    ['endlessBody', 'source_answer_too_large', 'never', expect.anything()],
  ])('has the fault %s is %s', async (fault, code, retry, fields) => {
    await expect(ask({ [fault]: 1 })).rejects.toMatchObject({ code, retry, fields })
  })

  it('answers slowly is a page', async () => {
    expect((await ask({ slowBody: 1 })).items).toHaveLength(100)
  })

  it('writes broken records is a page all the same, which tells those that are no text', async () => {
    const { items, isUtf8 } = await ask({ brokenRecord: 1 })
    expect(items).toHaveLength(200)
    expect(new Set(items.map((_, index) => isUtf8(index)))).toEqual(new Set([true, false]))
  })
})
