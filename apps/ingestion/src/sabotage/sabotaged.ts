import type { PageStore, StreamStore } from '@millrace/cassandra'
import { TopicWriter, type KafkaAddress } from '@millrace/kafka'
import { isSabotaged } from '@millrace/service'
import { unacknowledgedWriter } from './unacknowledged-writer.ts'
import { NoPages, NothingPending } from './without-write-ahead.ts'

/** The parts of ingestion as they are, or with the one protection switched off that a drill names. */
export const sabotaged = {
  streams: (streams: StreamStore): StreamStore => isSabotaged('write-ahead-off') ? new NothingPending(streams) : streams,
  pages: (pages: PageStore): PageStore => isSabotaged('write-ahead-off') ? new NoPages() : pages,
  writer(address: KafkaAddress, clientId: string): Pick<TopicWriter, 'send' | 'close'> {
    const writer = TopicWriter.lazy(address, clientId, { idempotent: isSabotaged('idempotent-producer') })
    return isSabotaged('cursor-before-ack') ? unacknowledgedWriter(writer) : writer
  },
}
