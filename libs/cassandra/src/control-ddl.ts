/** A table of the platform's own, apart from those of the views. */
export interface ControlTable {
  readonly name: string
  readonly cql: string
  /** Columns that `cql` has and an older table may lack: they are added to it. */
  readonly added?: readonly { readonly name: string; readonly type: string }[]
}

const compaction = "compaction = {'class': 'UnifiedCompactionStrategy'}"

/** One partition a stream: whoever holds the lease moves all of it in one lightweight transaction. */
const streams = `CREATE TABLE IF NOT EXISTS streams (
  stream text, version int, bucket text,
  epoch bigint static, owner text static, lease_until bigint static, seq bigint static, pending bigint static,
  cursor text static, watermark bigint static, highest bigint static, published_offsets text static, paused boolean static, topic text static,
  total_fetched bigint static, total_fresh bigint static, total_repeated bigint static, total_rejected bigint static, total_published bigint static, total_late bigint static,
  fetched bigint, fresh bigint, repeated bigint, rejected bigint, published bigint, late bigint,
  PRIMARY KEY ((stream, version), bucket)
) WITH ${compaction}`

const generations = `CREATE TABLE IF NOT EXISTS generations (
  stream text, version int, generation int,
  highest_allocated int static, revision int static,
  kind text, plan_hash text, checkpoint text, floor bigint, state text, created_at timestamp, claim text, incarnation int,
  range_from bigint, range_to bigint, included text, promoted_at timestamp,
  PRIMARY KEY ((stream, version), generation)
) WITH CLUSTERING ORDER BY (generation DESC) AND ${compaction}`

const generationsAdded = [
  { name: 'revision', type: 'int static' }, { name: 'range_from', type: 'bigint' }, { name: 'range_to', type: 'bigint' }, { name: 'included', type: 'text' }, { name: 'promoted_at', type: 'timestamp' }, { name: 'incarnation', type: 'int' },
]

/** One row a partition of the windows topic: what is stored of a generation is the least of its rows. */
const progress = `CREATE TABLE IF NOT EXISTS progress (
  stream text, version int, generation int, partition int,
  final_until bigint, offsets text, updated_at timestamp,
  PRIMARY KEY ((stream, version), generation, partition)
) WITH CLUSTERING ORDER BY (generation DESC, partition ASC) AND ${compaction}`

/** How far the events that a generation has read have been looked at for those that are malformed. */
const searches = `CREATE TABLE IF NOT EXISTS searches (
  stream text, version int, generation int,
  offsets text, updated_at timestamp,
  PRIMARY KEY ((stream, version), generation)
) WITH CLUSTERING ORDER BY (generation DESC) AND ${compaction}`

/** Partitioned by the day of the event, so that what was late can be compared with the books hour by hour. */
const lateEvents = `CREATE TABLE IF NOT EXISTS late_events (
  stream text, version int, day date, event_time timestamp, event_id text,
  reason text, detail text, origin text, run text, value blob, received_at timestamp,
  PRIMARY KEY ((stream, version, day), event_time, event_id)
) WITH CLUSTERING ORDER BY (event_time DESC, event_id ASC) AND ${compaction}`

/**
 * Partitioned by the day of arrival; where the record lies tells letters apart, so a letter read twice is one row. What
 * redrives have made of it stands in columns that no letter writes: read again it keeps them.
 */
const deadLetters = `CREATE TABLE IF NOT EXISTS dead_letters (
  stream text, version int, day date, topic text, partition int, topic_offset bigint,
  letter_key text, reason text, detail text, origin text, event_time timestamp, run text, value blob, received_at timestamp,
  attempts int, last_attempt text, redriven_run text, redriven_at timestamp,
  PRIMARY KEY ((stream, version, day), topic, partition, topic_offset)
) WITH CLUSTERING ORDER BY (topic ASC, partition ASC, topic_offset DESC) AND ${compaction}`

/** The tables of this library's stores. */
export const storeTables: readonly ControlTable[] = [
  { name: 'streams', cql: streams, added: [{ name: 'topic', type: 'text static' }] },
  { name: 'generations', cql: generations, added: generationsAdded },
  { name: 'progress', cql: progress },
  { name: 'searches', cql: searches },
  { name: 'late_events', cql: lateEvents },
  { name: 'dead_letters', cql: deadLetters, added: [{ name: 'attempts', type: 'int' }, { name: 'last_attempt', type: 'text' }, { name: 'redriven_run', type: 'text' }, { name: 'redriven_at', type: 'timestamp' }] },
]
