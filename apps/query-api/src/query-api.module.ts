import { PageTokens } from '@millrace/rest'
import { RateLimit, systemClock } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import { Module } from '@nestjs/common'
import { CATALOGUE, catalogueProvider } from './catalogue.provider.ts'
import { CassandraLedgerStore } from './cassandra-ledger-store.ts'
import { CassandraGenerationStates, CassandraStreamStates, CassandraWindowStore } from './cassandra-stores.ts'
import { DocumentsController } from './documents/documents.controller.ts'
import { PageFiles } from './documents/page-files.ts'
import { PageController } from './documents/page.controller.ts'
import { LedgerQueries } from './ledger-queries.ts'
import { LedgerRounds } from './ledger-rounds.ts'
import { LedgerStore } from './ledger-store.ts'
import { CassandraJudgedEvents } from './events/cassandra-judged-events.ts'
import { EventQueries } from './events/event-queries.ts'
import { EventsController } from './events/events.controller.ts'
import { JudgedEvents } from './events/judged-events.ts'
import { CassandraKeptLetters } from './letters/cassandra-kept-letters.ts'
import { DeadQueries } from './letters/dead-queries.ts'
import { KeptLetters } from './letters/kept-letters.ts'
import { LateQueries } from './letters/late-queries.ts'
import { LettersController } from './letters/letters.controller.ts'
import { LiveController } from './live/live.controller.ts'
import { LiveHub } from './live/live-hub.ts'
import { readLedgerSettings, readLiveSettings, readQueryApiSettings } from './query-api.config.ts'
import { QueryRateGuard } from './query-rate.guard.ts'
import { ReaderLifetime, readerSession } from './reader-session.ts'
import { ServedGenerations } from './served-generations.ts'
import { GenerationStates, StreamStates, WindowStore } from './stores.ts'
import { StreamQueries } from './stream-queries.ts'
import { StreamsController } from './streams.controller.ts'
import { ViewRows } from './view-rows.ts'
import { WindowQueries } from './window-queries.ts'
import { WindowsController } from './windows.controller.ts'

/** Reads Cassandra, answers HTTP; writes nothing. */
@Module({
  controllers: [DocumentsController, PageController, StreamsController, LettersController, EventsController, LiveController, WindowsController],
  providers: [
    catalogueProvider,
    readerSession,
    ReaderLifetime,
    { provide: WindowStore, useClass: CassandraWindowStore },
    { provide: GenerationStates, useClass: CassandraGenerationStates },
    { provide: StreamStates, useClass: CassandraStreamStates },
    { provide: LedgerStore, useClass: CassandraLedgerStore },
    { provide: KeptLetters, useClass: CassandraKeptLetters },
    { provide: JudgedEvents, useClass: CassandraJudgedEvents },
    { provide: ServedGenerations, inject: [GenerationStates], useFactory: (states: GenerationStates) => new ServedGenerations(states, systemClock) },
    { provide: PageTokens, useFactory: () => new PageTokens(readQueryApiSettings().pageTokenKey) },
    { provide: RateLimit, useFactory: () => new RateLimit({ count: readQueryApiSettings().ratePerSecond, perMs: 1_000, what: 'queries' }) },
    QueryRateGuard,
    { provide: PageFiles, useFactory: () => new PageFiles() },
    ViewRows,
    WindowQueries,
    {
      provide: StreamQueries,
      inject: [CATALOGUE, StreamStates, ServedGenerations],
      useFactory: (catalogue: Catalogue, states: StreamStates, generations: ServedGenerations) => new StreamQueries({ catalogue, states, generations, clock: systemClock }),
    },
    {
      provide: LedgerQueries,
      inject: [CATALOGUE, StreamStates, ServedGenerations, LedgerStore, PageTokens],
      useFactory: (catalogue: Catalogue, states: StreamStates, generations: ServedGenerations, ledger: LedgerStore, tokens: PageTokens) => new LedgerQueries({ catalogue, states, generations, ledger, tokens, clock: systemClock, alarmAfterMs: readLedgerSettings().ledgerAlarm }),
    },
    {
      provide: LedgerRounds,
      inject: [CATALOGUE, LedgerQueries],
      useFactory: (catalogue: Catalogue, ledgers: LedgerQueries) => new LedgerRounds({ catalogue, ledgers, everyMs: readLedgerSettings().ledgerEvery, clock: systemClock }),
    },
    {
      provide: LiveHub,
      inject: [CATALOGUE, ViewRows, ServedGenerations, StreamStates],
      useFactory: (catalogue: Catalogue, rows: ViewRows, generations: ServedGenerations, states: StreamStates) => {
        const { liveEvery, liveReaders } = readLiveSettings()
        return new LiveHub({ catalogue, rows, generations, states, clock: systemClock, everyMs: liveEvery, mostReaders: liveReaders })
      },
    },
    {
      provide: LateQueries,
      inject: [CATALOGUE, KeptLetters, StreamStates, PageTokens],
      useFactory: (catalogue: Catalogue, letters: KeptLetters, states: StreamStates, tokens: PageTokens) => new LateQueries({ catalogue, letters, states, tokens, clock: systemClock }),
    },
    {
      provide: DeadQueries,
      inject: [CATALOGUE, KeptLetters, PageTokens],
      useFactory: (catalogue: Catalogue, letters: KeptLetters, tokens: PageTokens) => new DeadQueries({ catalogue, letters, tokens, clock: systemClock }),
    },
    {
      provide: EventQueries,
      inject: [CATALOGUE, JudgedEvents, KeptLetters, ViewRows, ServedGenerations],
      useFactory: (catalogue: Catalogue, events: JudgedEvents, letters: KeptLetters, rows: ViewRows, generations: ServedGenerations) => new EventQueries({ catalogue, events, letters, rows, generations }),
    },
  ],
})
export class QueryApiModule {}
