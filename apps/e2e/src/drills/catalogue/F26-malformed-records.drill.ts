import { eventTopic } from '@millrace/stream-kit'
import { TopicWriter } from '@millrace/kafka'
import { catalogue } from '@millrace/streams'
import { control } from '../../http/simulator.ts'
import { streamStatus } from '../../http/stream-status.ts'
import { eventually } from '../../line/eventually.ts'
import type { Drill } from '../drill.ts'
import { deadTrades } from '../oracle/dead-letters.ts'

const kafkaPort = 19_092
const good = '{"id":"x","symbol":"ALDR","price":1,"size":1,"tradedAt":1}'

/** Put on the topic past ingestion: Spark meets them. */
const onTheTopic: readonly (string | Buffer)[] = [
  '{"id":"x","symbol":', 'null', '[]', '', '{}', good.replace('"price":1', '"price":"1"'), good.replace('"size":1', '"size":1.5'), good.replace('"tradedAt":1', '"tradedAt":"yesterday"'),
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`, good.replace('"price":1', '"price":1e400'), Buffer.from([0xff, 0xfe, 0x00, 0x80]), `{"__proto__":{"id":"x"},"more":1}`, 'x'.repeat(900_000),
]

export const malformedRecords: Drill = {
  id: 'F26',
  title: 'malformed records',
  breaks: `of the source's records some are broken in twelve ways, cut, of wrong types, or under other names; ${onTheTopic.length} more are put on the topic past ingestion: cut JSON, wrong types, deep nesting, 1e400, bytes that are no text, __proto__, 900 KB`,
  expects: 'each is kept as a dead letter with its bytes; every good record counts',
  protects: 'the schema at the door; the filter of the plan, which counts what it leaves out',
  async run({ line, traffic, expect, seed }) {
    const stream = catalogue.find('trades')
    if (!stream) throw new Error("There is no stream 'trades'.")
    const before = (await streamStatus(line.urls.queryApi, 'trades')).counts.rejected
    await control(line, { faults: { seed, trades: { brokenRecord: 0.02, renamedField: 0.01, extraField: 0.05, cutJson: 0.02 } } })
    const writer = await TopicWriter.open({ brokers: [`127.0.0.1:${kafkaPort + line.portOffset}`] }, 'drill')
    try {
      await traffic.untilMade(5_000)
      await writer.send({ topic: eventTopic(stream), messages: onTheTopic.map((value) => ({ key: Buffer.from('drill'), value: Buffer.from(value) })) })
    } finally {
      await writer.close()
    }
    await traffic.untilMade(traffic.events - 3_000)
    await control(line, { faults: {} })
    await traffic.untilMade(traffic.events)
    await eventually(async () => await deadTrades(line, 'malformed') >= onTheTopic.length, { deadlineMs: 120_000, everyMs: 1_000, what: `${onTheTopic.length} malformed records to be kept as dead letters` })
    const rejected = (await streamStatus(line.urls.queryApi, 'trades')).counts.rejected - before
    expect(rejected > 0, 'no record was rejected, though the source gave broken ones')
  },
}
