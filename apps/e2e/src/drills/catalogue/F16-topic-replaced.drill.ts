import { setTimeout as pause } from 'node:timers/promises'
import { TopicAdmin, topicSpecs } from '@millrace/kafka'
import { eventTopic } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import { queryStatuses } from '../../http/query-status.ts'
import { restoreTopic } from '../../http/restore-topic.ts'
import { eventually } from '../../line/eventually.ts'
import type { Line } from '../../line/line.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'

const kafkaPort = 19_092
const awayMs = 10_000

export const topicReplaced: Drill = {
  id: 'F16',
  title: 'the topic deleted and created again, 3 times',
  breaks: `the topic of trades is deleted and created again at once, under a running query; after ${awayMs / 1_000} s; and while Spark is away, so that no query notices`,
  expects: 'ingestion holds the stream and says so; after one restore by an operator the rows are built anew, and nothing is missing',
  protects: 'the pages that are kept; the incarnation of the topic, which offsets and generations belong to',
  async run(bench) {
    await replaced(bench, 'created again at once', 0)
    await replaced(bench, `gone for ${awayMs / 1_000} s`, awayMs)
    await bench.traffic.untilMade((await bench.traffic.made()).during + 3_000)
    const spark = await bench.processes.killAndHold('spark')
    await replaced(bench, 'while Spark is away', 0, () => { spark.goOn() })
  },
}

async function replaced({ line, traffic, recovers, expect, say }: DrillBench, what: string, goneMs: number, restored: () => void = () => undefined): Promise<void> {
  await traffic.untilMade((await traffic.made()).during + 4_000)
  const stream = catalogue.find('trades')
  if (!stream) throw new Error("There is no stream 'trades'.")
  const admin = new TopicAdmin({ brokers: [`127.0.0.1:${kafkaPort + line.portOffset}`] })
  try {
    await admin.remove([eventTopic(stream)])
    await pause(goneMs)
    const specs = topicSpecs(stream).filter(({ topic }) => topic === eventTopic(stream))
    await eventually(async () => (await admin.apply(specs)).some(({ kind }) => kind === 'create'), { deadlineMs: 60_000, everyMs: 100, what: 'the topic to be created again' })
  } finally {
    await admin.close()
  }
  const begun = Date.now()
  await eventually(() => isHeld(line), { deadlineMs: 240_000, everyMs: 250, what: 'ingestion to say that the topic is another one' })
  say(`${what}: ingestion says so; the query is ${(await queryStatuses(line)).find((query) => query.stream === 'trades')?.state ?? 'unknown'}`)
  const run = await restoreTopic(line, 'trades')
  say(`${what}: ${run.restore.events} events restored from ${run.restore.pages} pages, ${((Date.now() - begun) / 1_000).toFixed(1)} s after the topic was there again`)
  expect(run.state === 'succeeded' && run.restore.missing === 0, `the restore (${what}) is ${run.state}: ${JSON.stringify({ ...run.restore, error: run.error })}`)
  restored()
  await recovers(what)
}

async function isHeld({ urls }: Line): Promise<boolean> {
  const text = await (await fetch(`${urls.ingestion}/metrics`)).text()
  return /^millrace_ingestion_topic_lost\{stream="trades"\} 1$/m.test(text)
}
