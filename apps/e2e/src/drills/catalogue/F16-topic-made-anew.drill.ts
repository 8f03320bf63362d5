import { setTimeout as pause } from 'node:timers/promises'
import { TopicAdmin, topicSpecs } from '@millrace/kafka'
import { eventTopic } from '@millrace/stream-kit'
import { catalogue } from '@millrace/streams'
import { queryStatuses } from '../../http/query-status.ts'
import { eventually } from '../../line/eventually.ts'
import { settle } from '../../line/settle.ts'
import type { Drill } from '../drill.ts'
import { rebuild } from './F12-checkpoint-mutated.drill.ts'

const kafkaPort = 19_092

export const topicMadeAnew: Drill = {
  id: 'F16',
  title: 'the topic deleted and made again under a running query',
  breaks: 'the topic of the events is deleted and created when all in it has been counted; then new events come',
  expects: 'the query does not go on as if nothing had been: state data_loss; after the rebuild an operator asks for, what was counted stays and what is new is counted',
  protects: 'failOnDataLoss; the floor of a generation',
  usesUp: true,
  async run({ line, traffic, recovers, say }) {
    await traffic.untilMade(8_000)
    await traffic.flow({ rate: 0 })
    await settle(line, 'trades')
    const stream = catalogue.find('trades')
    if (!stream) throw new Error("There is no stream 'trades'.")
    const topics = new TopicAdmin({ brokers: [`127.0.0.1:${kafkaPort + line.portOffset}`] })
    try {
      await topics.remove([eventTopic(stream)])
      await eventually(async () => (await topics.describe([eventTopic(stream)])).length === 0, { deadlineMs: 30_000, everyMs: 250, what: 'the topic to be gone' })
      await pause(1_000)
      await eventually(() => topics.apply(topicSpecs(stream)), { deadlineMs: 30_000, everyMs: 500, what: 'the topic to be there again' })
    } finally {
      await topics.close()
    }
    // A window that lies on both sides would have its events in two topics: what comes after begins in a window of its own.
    await pause(61_000)
    await traffic.flow({ rate: 500, duplicateShare: 0.05, disorderMs: 3_000 })
    const seen = await eventually(async () => {
      const query = (await queryStatuses(line)).find((one) => one.stream === 'trades')
      return query !== undefined && ['data_loss', 'checkpoint_corrupt', 'missing_topic'].includes(query.state) && query
    }, { deadlineMs: 120_000, everyMs: 500, what: 'the query to say that data is gone' })
    say(`the query is ${seen.state}: ${seen.lastError?.message.slice(0, 160) ?? ''}`)
    await rebuild(line, seen)
    await recovers('rebuilt')
  },
}
