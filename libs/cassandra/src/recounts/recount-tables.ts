import type { ControlTable } from '../control-ddl.ts'

const compaction = "compaction = {'class': 'UnifiedCompactionStrategy'}"

/** Recounts, for whoever asks by id. */
const recounts = `CREATE TABLE IF NOT EXISTS recounts (
  id text PRIMARY KEY,
  stream text, version int, generation int, state text, verdict text, attempts int,
  from_time bigint, to_time bigint, offsets text, figures text, differences text, error_code text, error_message text,
  created_at timestamp, ended_at timestamp
) WITH default_time_to_live = 2592000 AND ${compaction}`

/** Recounts that have not ended, in one partition: they are few, and done one after the other. */
const openRecounts = `CREATE TABLE IF NOT EXISTS open_recounts (
  queue text, created_at timestamp, id text,
  PRIMARY KEY ((queue), created_at, id)
) WITH default_time_to_live = 2592000 AND gc_grace_seconds = 3600 AND ${compaction}`

/** What an idempotency key stands for, for a week. */
const requestKeys = `CREATE TABLE IF NOT EXISTS request_keys (
  purpose text, caller text, key text,
  fingerprint text, id text, created_at timestamp,
  PRIMARY KEY ((purpose, caller, key))
) WITH default_time_to_live = 604800 AND ${compaction}`

/** The tables that the recounts of spark-bridge use. */
export const recountTables: readonly ControlTable[] = [
  { name: 'recounts', cql: recounts },
  { name: 'open_recounts', cql: openRecounts },
  { name: 'request_keys', cql: requestKeys },
]
