import { CassandraSession, cassandraSettings } from '@millrace/cassandra'
import { kafkaSettings, TopicAdmin } from '@millrace/kafka'
import { Health, readSettings } from '@millrace/service'
import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { readSourceSettings } from './ingestion.config.ts'
import { HttpSourceReader } from './source/http-source-reader.ts'

/** What ingestion is connected to. All of it is waited for in the background; health says what is missing. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  readonly kafka = readSettings(kafkaSettings)
  readonly cassandra = CassandraSession.connect(readSettings(cassandraSettings('writer')))
  readonly topics = new TopicAdmin(this.kafka)
  readonly source = new HttpSourceReader(readSourceSettings())

  constructor(health: Health) {
    health.add('cassandra', () => this.cassandra.health())
    health.add('kafka', () => this.topics.health())
  }

  /** After the workers have stopped, see PollSchedule. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.source.close(), this.topics.close(), this.cassandra.close()])
  }
}
