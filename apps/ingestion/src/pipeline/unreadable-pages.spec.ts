import { configureLog } from '@millrace/observability'
import { FakeClock } from '@millrace/testing'
import { describe, expect, it } from '@jest/globals'
import { keptAnswerBytes, UnreadableAnswer } from '../source/unreadable-answer.ts'
import { IngestionError } from '../ingestion.errors.ts'
import { dies } from '../testing/dies.ts'
import { birds, sightings } from '../testing/sightings.ts'
import { TestBench } from '../testing/test-bench.ts'

configureLog({ app: 'spec', level: 'error', write: () => undefined })

const stream = sightings({ pageSize: 10 })
const noJson = (text: string) => new UnreadableAnswer('source_answer_unreadable', 'The answer is not JSON.', Buffer.from(text), { fields: { host: 'source' } })

describe('an answer that is no page', () => {
  it('is kept with its bytes, each content once and one an hour, and waited for; nothing is counted', async () => {
    const clock = new FakeClock('2018-02-01T00:10:00Z')
    const bench = new TestBench(stream, clock)
    const kept = () => bench.topics.records('sightings.v1.dead-letters').map(({ value }) => value.toString())
    const worker = bench.worker()
    /** A run of its own, of which one answer fails. */
    const runWith = async (failure?: Error): Promise<string> => {
      const id = await bench.enter()
      bench.reader.failures = [failure]
      worker.refresh()
      await dies(worker, bench)
      return id
    }
    const id = await runWith(noJson('<html>1'))
    expect(bench.topics.records('sightings.v1.dead-letters')[0]?.headers).toEqual({ reason: 'page-unreadable', detail: 'source_answer_unreadable: The answer is not JSON.', origin: '{"url":"http://source/","page":0,"index":-1}', run: id })
    await clock.advance(3_599_000)
    await runWith(noJson('<html>2'))
    expect(kept()).toEqual(['<html>1'])
    await clock.advance(1_001)
    await runWith(noJson('<html>1'))
    await runWith(new IngestionError('source_unreachable', 'away'))
    expect(kept()).toEqual(['<html>1'])
    bench.reader.records = birds(3, { startMs: clock.now() - 60_000 })
    const last = await runWith(noJson(`<html>3${'x'.repeat(keptAnswerBytes)}`))
    expect(kept().map((text) => [text.slice(0, 7), text.length])).toEqual([['<html>1', 7], ['<html>3', keptAnswerBytes]])
    expect(await bench.runs.find(last)).toMatchObject({ state: 'succeeded', counts: { fetched: 3, published: 3, rejected: 0 } })
    expect((await bench.streams.read(stream)).totals).toMatchObject({ fetched: 3, rejected: 0 })
  })
})
