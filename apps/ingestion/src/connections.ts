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

  #isClosing = false

  constructor(health: Health) {
    health.add('cassandra', () => this.cassandra.health())
    health.add('kafka', () => this.topics.health())
  }

  /** True when Cassandra, which the workers cannot begin without, has answered; false when it was closed before. */
  async opened(): Promise<boolean> {
    try {
      await this.cassandra.ready
      return true
    } catch (error) {
      if (this.#isClosing) return false
      throw error
    }
  }

  /** After the workers have stopped, see PollSchedule. */
  async onApplicationShutdown(): Promise<void> {
    this.#isClosing = true
    await Promise.all([this.source.close(), this.topics.close(), this.cassandra.close()])
  }
}
