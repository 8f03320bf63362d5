import { CassandraSession, cassandraSettings } from '@millrace/cassandra'
import { BatchReader, BatchSource, kafkaSettings } from '@millrace/kafka'
import { Health, readSettings } from '@millrace/service'
import { Injectable, type FactoryProvider, type OnApplicationShutdown } from '@nestjs/common'
import { materializerSettings } from './materializer.config.ts'

/** Connects in the background. */
export const writerSession: FactoryProvider<CassandraSession> = {
  provide: CassandraSession,
  useFactory: () => CassandraSession.connect(readSettings(cassandraSettings('writer'))),
}

export const batchSource: FactoryProvider<BatchSource> = {
  provide: BatchSource,
  useFactory: () => {
    const { brokers, group } = readSettings({ ...kafkaSettings, ...materializerSettings })
    return new BatchReader({ brokers, groupId: group })
  },
}

/** Tells health of both systems. Closes Cassandra last: the batches in hand when the transport closes still need it. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  constructor(private readonly session: CassandraSession, source: BatchSource, health: Health) {
    health.add('cassandra', () => session.health())
    health.add('kafka', () => { source.health() })
  }

  async onApplicationShutdown(): Promise<void> {
    await this.session.close()
  }
}
