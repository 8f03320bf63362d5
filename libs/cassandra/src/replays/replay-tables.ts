import type { ControlTable } from '../control-ddl.ts'

const compaction = "compaction = {'class': 'UnifiedCompactionStrategy'}"

/** Replays and inclusions, for whoever asks by id. What is not needed to decide stands in `content` as JSON. */
const replays = `CREATE TABLE IF NOT EXISTS replays (
  id text PRIMARY KEY,
  stream text, version int, state text, content text, created_at timestamp
) WITH default_time_to_live = 2592000 AND ${compaction}`

/** The same by stream, newest first. */
const replaysOfStream = `CREATE TABLE IF NOT EXISTS replays_of_stream (
  stream text, version int, created_at timestamp, id text,
  PRIMARY KEY ((stream, version), created_at, id)
) WITH CLUSTERING ORDER BY (created_at DESC, id ASC) AND default_time_to_live = 2592000 AND ${compaction}`

/** Those that are not over, in one partition: they are few, and done one after the other. */
const openReplays = `CREATE TABLE IF NOT EXISTS open_replays (
  queue text, created_at timestamp, id text,
  PRIMARY KEY ((queue), created_at, id)
) WITH default_time_to_live = 2592000 AND gc_grace_seconds = 3600 AND ${compaction}`

/**
 * Late events that a generation counts, as they would be on the topic: what toEvent makes of the bytes of a letter may
 * change, what was included does not. An event is included when one of the generations that have chosen it was promoted.
 */
const inclusions = `CREATE TABLE IF NOT EXISTS inclusions (
  stream text, version int, day date, event_time timestamp, event_id text, generation int,
  value blob, chosen_at timestamp,
  PRIMARY KEY ((stream, version, day), event_time, event_id, generation)
) WITH CLUSTERING ORDER BY (event_time DESC, event_id ASC, generation ASC) AND ${compaction}`

/** The tables that replays and inclusions use. */
export const replayTables: readonly ControlTable[] = [
  { name: 'replays', cql: replays },
  { name: 'replays_of_stream', cql: replaysOfStream },
  { name: 'open_replays', cql: openReplays },
  { name: 'inclusions', cql: inclusions },
]
