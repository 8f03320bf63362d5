import { describe, expect, it } from '@jest/globals'
import { tableDdl } from './table-ddl.ts'
import { nightTrains, viewOf } from './testing/night-trains.ts'

const cql = (view: string) => tableDdl(nightTrains, viewOf(view)).map((table) => table.cql)

describe('the tables of a view', () => {
  it('are one by group and one by time, windows and generations newest first', () => {
    expect(cql('per-hour')).toEqual([
      `CREATE TABLE IF NOT EXISTS night_trains_per_hour_v3 (
  line text,
  day date,
  window_start timestamp,
  generation int,
  window_end timestamp,
  events bigint,
  mean_delay double,
  last_driver text,
  delay_share double,
  PRIMARY KEY ((line, day), window_start, generation)
) WITH CLUSTERING ORDER BY (window_start DESC, generation DESC)
  AND default_time_to_live = 172800
  AND gc_grace_seconds = 86400
  AND compaction = {'class': 'UnifiedCompactionStrategy'}`,
      `CREATE TABLE IF NOT EXISTS night_trains_per_hour_v3_by_time (
  line text,
  day date,
  window_start timestamp,
  generation int,
  window_end timestamp,
  events bigint,
  mean_delay double,
  last_driver text,
  delay_share double,
  PRIMARY KEY ((day), window_start, line, generation)
) WITH CLUSTERING ORDER BY (window_start DESC, line ASC, generation DESC)
  AND default_time_to_live = 172800
  AND gc_grace_seconds = 86400
  AND compaction = {'class': 'UnifiedCompactionStrategy'}`,
    ])
  })

  it('are one where the view has no groups, and hold an hour where the view says so', () => {
    expect(cql('rolling')).toEqual([
      `CREATE TABLE IF NOT EXISTS night_trains_rolling_v3 (
  hour timestamp,
  window_start timestamp,
  generation int,
  window_end timestamp,
  events bigint,
  worst double,
  PRIMARY KEY ((hour), window_start, generation)
) WITH CLUSTERING ORDER BY (window_start DESC, generation DESC)
  AND default_time_to_live = 172800
  AND gc_grace_seconds = 86400
  AND compaction = {'class': 'UnifiedCompactionStrategy'}`,
    ])
  })

  it('give every kind of group and measure a type, and quote a name that CQL has for its own', () => {
    const [byGroup] = tableDdl(nightTrains, viewOf('kinds'))
    expect(Object.fromEntries(byGroup?.columns.map(({ name, type }) => [name, type]) ?? [])).toEqual({
      line: 'text', order: 'bigint', unit: 'uuid', is_freight: 'boolean', seen_at: 'timestamp',
      day: 'date', window_start: 'timestamp', generation: 'int', window_end: 'timestamp', events: 'bigint',
      trains: 'bigint', orders: 'bigint', delays: 'double', weighted: 'double', mean_order: 'double', first_unit: 'uuid', last_seen: 'timestamp',
      first_freight: 'boolean', least_driver: 'text', greatest_delay: 'double', drivers: 'bigint', median: 'double', share: 'double',
    })
    expect(byGroup?.cql).toContain('PRIMARY KEY ((line, "order", unit, is_freight, seen_at, day), window_start, generation)')
  })

  it('have the same columns in the same order, so that one row of cells fits all of them', () => {
    const [byGroup, byTime] = tableDdl(nightTrains, viewOf('kinds'))
    expect(byTime?.columns.map(({ name }) => name)).toEqual(byGroup?.columns.map(({ name }) => name))
  })

  it('of the hidden ledger are named after it', () => {
    expect(tableDdl(nightTrains, viewOf('_ledger')).map(({ name }) => name)).toEqual(['night_trains__ledger_v3'])
  })
})
