import { describe, expect, it } from '@jest/globals'
import { configureLog, metricsText } from '@millrace/observability'
import { FakeClock } from '@millrace/testing'
import { IngestionError, type IngestionErrorCode } from '../ingestion.errors.ts'
import { SightingReader, sightings } from '../testing/sightings.ts'
import { SourceCircuit } from './source-circuit.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const stream = sightings()
const place = { cursor: { seq: 0 }, page: 0, greatest: { seq: 0 } }
const signal = new AbortController().signal

function start() {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const reader = new SightingReader()
  const circuit = new SourceCircuit(reader, clock)
  const ask = (of = stream) => circuit.read(of, place, signal).then(() => 'answered', (error: unknown) => (error as IngestionError).code)
  const fails = async (times: number, code: IngestionErrorCode = 'source_failed', fields = {}): Promise<string[]> => {
    const found: string[] = []
    for (let time = 0; time < times; time += 1) {
      reader.failures = [new IngestionError(code, 'down', { fields })]
      found.push(await ask())
    }
    reader.failures = []
    return found
  }
  return { clock, reader, circuit, ask, fails }
}

const gauge = async () => /millrace_ingestion_source_circuit_open\{stream="sightings"\} (\d)/.exec(await metricsText())?.[1]

describe('a circuit', () => {
  it('opens after five failures, one after the other, and then asks nobody', async () => {
    const { reader, ask, fails } = start()
    expect(await fails(5)).toEqual(Array.from({ length: 5 }, () => 'source_failed'))
    expect([await ask(), await ask(), reader.reads.length]).toEqual(['source_circuit_open', 'source_circuit_open', 5])
    expect(await gauge()).toBe('1')
  })

  it('says how long to wait', async () => {
    const { clock, circuit, fails } = start()
    await fails(5)
    await clock.advance(4_000)
    await expect(circuit.read(stream, place, signal)).rejects.toMatchObject({ retry: 'later', fields: { retryAfterMs: 11_000 } })
  })

  it('closes by a probe that is answered', async () => {
    const { clock, ask, fails } = start()
    await fails(5)
    await clock.advance(15_000)
    expect([await ask(), await gauge()]).toEqual(['answered', '0'])
    expect(await fails(4)).toHaveLength(4)
    expect(await ask()).toBe('answered')
  })

  it('stays open after a probe that fails', async () => {
    const { clock, reader, ask, fails } = start()
    await fails(5)
    await clock.advance(15_000)
    expect(await fails(1)).toEqual(['source_failed'])
    expect([await ask(), reader.reads.length]).toEqual(['source_circuit_open', 6])
  })

  it('waits for as long as the source asks, where that is longer', async () => {
    const { clock, ask, fails } = start()
    await fails(5, 'source_busy', { retryAfterMs: 60_000 })
    await clock.advance(59_999)
    expect(await ask()).toBe('source_circuit_open')
    await clock.advance(1)
    expect(await ask()).toBe('answered')
  })

  it('is not opened by failures with answers between them, nor by what waiting does not mend', async () => {
    const { ask, fails } = start()
    for (let time = 0; time < 3; time += 1) {
      await fails(4)
      expect(await ask()).toBe('answered')
    }
    await fails(10, 'source_refused')
    await fails(10, 'declaration_failed')
    expect(await ask()).toBe('answered')
  })

  it('is one for each stream', async () => {
    const { ask, fails } = start()
    await fails(5)
    expect(await ask({ ...stream, name: 'others' })).toBe('answered')
  })
})
