import { cassandraSettings, CassandraSession } from '@millrace/cassandra'
import { Health, readSettings } from '@millrace/service'
import { Injectable, type FactoryProvider, type OnModuleDestroy } from '@nestjs/common'
import { patienceMs } from './within.ts'

/** The app's connection to Cassandra, made in the background: until it is there every read fails with 503. */
export const readerSession: FactoryProvider<CassandraSession> = {
  provide: CassandraSession,
  useFactory: () => CassandraSession.connect(readSettings(cassandraSettings('reader')), { requestTimeoutMs: patienceMs }),
}

/** Tells health of the connection, and ends it with the app. */
@Injectable()
export class ReaderLifetime implements OnModuleDestroy {
  constructor(private readonly session: CassandraSession, health: Health) {
    health.add('cassandra', () => session.health())
  }

  async onModuleDestroy(): Promise<void> {
    await this.session.close()
  }
}
