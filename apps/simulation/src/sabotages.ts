import { SeenStore, StreamStore, type CassandraStreamStore, type SeenRow, type Statement, type StreamMove, type StreamName, type StreamState } from '@millrace/cassandra'
import { partitionOf, type AppendedRecords, type WireRecord } from '@millrace/kafka'
import { eventTopic } from '@millrace/stream-kit'
import type { Sabotage } from './sabotage.ts'

/** A stream store that passes everything on; sabotages change what they are about. */
class PassedOn extends StreamStore {
  constructor(protected readonly real: CassandraStreamStore) {
    super()
  }

  override read(stream: StreamName): Promise<StreamState> { return this.real.read(stream) }
  override books(...[stream, buckets]: Parameters<StreamStore['books']>): ReturnType<StreamStore['books']> { return this.real.books(stream, buckets) }
  override takeLease(...[stream, from, lease]: Parameters<StreamStore['takeLease']>): Promise<boolean> { return this.real.takeLease(stream, from, lease) }
  override renewLease(...[stream, epoch, leaseUntil]: Parameters<StreamStore['renewLease']>): Promise<boolean> { return this.real.renewLease(stream, epoch, leaseUntil) }
  override setPending(...[stream, at]: Parameters<StreamStore['setPending']>): Promise<boolean> { return this.real.setPending(stream, at) }
  override move(...[stream, at, move]: Parameters<StreamStore['move']>): Promise<boolean> { return this.real.move(stream, at, move) }
  override setTopic(...[stream, at, now]: Parameters<StreamStore['setTopic']>): Promise<boolean> { return this.real.setTopic(stream, at, now) }
  override setPaused(...[stream, isPaused]: Parameters<StreamStore['setPaused']>): Promise<void> { return this.real.setPaused(stream, isPaused) }
}

/** Publishes without a page that is marked: whoever comes next judges the source anew. */
class NothingAhead extends PassedOn {
  override setPending(): Promise<boolean> { return Promise.resolve(true) }
  override move(stream: StreamName, { epoch, seq }: { epoch: number; seq: number }, move: StreamMove): Promise<boolean> { return this.real.move(stream, { epoch, seq, hasPage: false }, move) }
}

/** Takes a lost answer for a yes. */
class Credulous extends PassedOn {
  override setPending(stream: StreamName, at: { epoch: number; seq: number }): Promise<boolean> { return believed(super.setPending(stream, at)) }
  override move(...all: Parameters<StreamStore['move']>): Promise<boolean> { return believed(super.move(...all)) }
}

const believed = (answer: Promise<boolean>): Promise<boolean> => answer.catch(() => true)

/** Remembers no id. */
class Forgetful extends SeenStore {
  override write(): Promise<void> { return Promise.resolve() }
  override read(): Promise<SeenRow[]> { return Promise.resolve([]) }
}

/** A statement with another text, and without the parameters at these places. */
const reworded = (from: RegExp, to: string, without: (params: readonly unknown[]) => number[]) => (statement: Statement): Statement => {
  if (!from.test(statement.cql)) return statement
  const params = statement.params ?? []
  const gone = new Set(without(params).map((at) => (at < 0 ? params.length + at : at)))
  return { cql: statement.cql.replace(from, to), params: params.filter((_, at) => !gone.has(at)) }
}

export interface KnownSabotage extends Sabotage {
  /** What is taken out. */
  readonly name: string
  /** Within so many seeds the simulation must find it. */
  readonly within: number
}

/** Each protection of delivery.md, taken out: the simulation finds all of them. */
export const sabotages: readonly KnownSabotage[] = [
  {
    name: 'the cursor moves before the broker has acknowledged', within: 200,
    writer: (real, { broker }) => ({
      close: () => real.close(),
      send: ({ topic, messages }) => {
        real.send({ topic, messages }).catch(() => undefined)
        return Promise.resolve(expected(broker.ends(topic), messages))
      },
    }),
  },
  { name: 'nothing is written ahead', within: 400, streams: (real) => new NothingAhead(real) },
  { name: 'an unknown outcome counts as a yes, without the serial read', within: 400, streams: (real) => new Credulous(real) },
  { name: 'judged ids are not kept', within: 50, seen: () => new Forgetful() },
  { name: 'no epoch in the transaction of a page', within: 1_000, tamper: reworded(/IF epoch = \? AND seq = \? AND pending = \?$/, 'IF seq = ? AND pending = ?', () => [-3]) },
  { name: 'the lease is taken from whatever state there is', within: 3_000, tamper: reworded(/(owner = \?.*)IF epoch = \? AND seq = \? AND pending = \?$/, '$1IF epoch = ? AND pending = ?', () => [-2]) },
  { name: 'a run that has ended may be saved again', within: 3_000, tamper: reworded(/IF state IN .*$/, 'IF EXISTS', () => []) },
  { name: 'Spark does not remove duplicates', within: 50, isDedupOff: true },
  { name: 'rows carry the time of writing, not their number of events', within: 1_000, tamper: reworded(/^(INSERT INTO sightings_.*) USING TIMESTAMP \? AND TTL \?$/, '$1 USING TTL ?', () => [-2]) },
  { name: 'the watermark is the highest event time: nothing is waited for', within: 100, tamper: highestAsWatermark },
  { name: 'the materializer commits its offset before it stores', within: 200, isCommitFirst: true },
  { name: 'the materializer stores its progress before its rows', within: 100, writers: (real, { random, outside, stream }) => {
    const writer = real.of(stream)
    const write = writer.write.bind(writer)
    writer.write = (rows) => {
      void outside.clock.sleep(random.below(2_000)).then(() => write(rows)).catch(() => undefined)
      return Promise.resolve(rows.length)
    }
    return real
  } },
  { name: 'a marker follows what Spark has planned, not what it has committed', within: 1_000, committed: (_, { broker, stream }) => broker.ends(eventTopic(stream)) },
  { name: 'a generation is promoted before it is stored', within: 400, stored: (real, { broker, stream }) => ({
    read: async (of, generation) => {
      const progress = await real.read(of, generation)
      return { finalUntil: progress?.finalUntil ?? 0, updatedAt: 0, offsets: broker.ends(eventTopic(stream)) }
    },
  }) },
]

/** Where records will lie if all goes well. */
function expected(ends: Readonly<Record<string, number>>, messages: readonly WireRecord[]): AppendedRecords[] {
  const partitions = Object.keys(ends).length
  return Object.entries(ends).map(([partition, end]) => ({ partition: Number(partition), baseOffset: BigInt(end), count: messages.filter(({ key }) => partitionOf(key, partitions) === Number(partition)).length }))
}

/** In the transaction that moves a page: the watermark is what the highest event time is. */
function highestAsWatermark(statement: Statement): Statement {
  const { cql, params = [] } = statement
  const place = cql.startsWith('UPDATE streams SET seq') ? cql.slice(0, cql.indexOf('watermark = ?')).split('?').length - 1 : -1
  return place === -1 ? statement : { cql, params: params.map((param, at) => (at === place ? params[at + 1] : param)) }
}
