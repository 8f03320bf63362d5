import type { ControlTable } from '../control-ddl.ts'

const compaction = "compaction = {'class': 'UnifiedCompactionStrategy'}"

/**
 * Pages written ahead. One is read only while `streams.pending` names it, and removed when later ones are done:
 * a deleted one that comes back to life is never looked at, hence the short grace.
 */
const pages = `CREATE TABLE IF NOT EXISTS pages (
  stream text, version int, epoch bigint, seq bigint,
  content blob, written_at timestamp,
  PRIMARY KEY ((stream, version, epoch), seq)
) WITH gc_grace_seconds = 3600 AND default_time_to_live = 2592000 AND ${compaction}`

/**
 * Pages that are done, for as long as their events may have to be published again; only those that have published some.
 * A partition has 500 of them. Each is written once and removed by its time alone.
 */
const keptPages = `CREATE TABLE IF NOT EXISTS kept_pages (
  stream text, version int, chunk bigint, seq bigint,
  content blob, events int, published bigint, highest bigint,
  PRIMARY KEY ((stream, version, chunk), seq)
) WITH gc_grace_seconds = 3600 AND ${compaction}`

/** What has been judged, by event time: 16 bytes an id, and 6 bytes of a digest of its content, in one row a page and bucket; with where each event has gone. */
const seenEvents = `CREATE TABLE IF NOT EXISTS seen_events (
  stream text, version int, bucket text, epoch bigint, seq bigint,
  ids blob, contents blob, places blob,
  PRIMARY KEY ((stream, version, bucket), epoch, seq)
) WITH ${compaction}`

/** Triggered runs, for whoever asks by id. One with a range is a backfill, one with a redrive (JSON) a redrive of dead letters, one with a restore (JSON) a restore of the topic. */
const runs = `CREATE TABLE IF NOT EXISTS runs (
  id text PRIMARY KEY,
  stream text, version int, state text, counts text, offsets text, error_code text, error_message text,
  range_from bigint, range_to bigint, redrive text, report text, restore text,
  created_at timestamp, updated_at timestamp
) WITH default_time_to_live = 2592000 AND ${compaction}`

/** Runs that have not ended: what the holder of a stream's lease has to do. */
const openRuns = `CREATE TABLE IF NOT EXISTS open_runs (
  stream text, version int, created_at timestamp, id text,
  PRIMARY KEY ((stream, version), created_at, id)
) WITH default_time_to_live = 2592000 AND gc_grace_seconds = 3600 AND ${compaction}`

/** Which run an idempotency key has started, for a week. */
const runKeys = `CREATE TABLE IF NOT EXISTS run_keys (
  caller text, key text,
  fingerprint text, run_id text, created_at timestamp,
  PRIMARY KEY ((caller, key))
) WITH default_time_to_live = 604800 AND ${compaction}`

/** The tables that ingestion alone uses. `streams`, which others read too, stands in control-ddl.ts. */
export const ingestionTables: readonly ControlTable[] = [
  { name: 'pages', cql: pages },
  { name: 'kept_pages', cql: keptPages },
  { name: 'seen_events', cql: seenEvents, added: [{ name: 'places', type: 'blob' }] },
  { name: 'runs', cql: runs, added: [{ name: 'range_from', type: 'bigint' }, { name: 'range_to', type: 'bigint' }, { name: 'redrive', type: 'text' }, { name: 'report', type: 'text' }, { name: 'restore', type: 'text' }] },
  { name: 'open_runs', cql: openRuns },
  { name: 'run_keys', cql: runKeys },
]
