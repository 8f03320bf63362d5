import type { StreamDeclaration, ViewDeclaration } from './declaration.ts'

type Named = Pick<StreamDeclaration, 'name' | 'version'>

/** The hidden view of every stream: the number of events an hour, which the ledger compares with ingestion's books. */
export const ledgerView = '_ledger'

/** `closePrice` and `per-minute` as Cassandra and Spark write them: `close_price`, `per_minute`. */
export const snakeCase = (name: string): string => name.replaceAll('-', '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The stream's events: `trades.v1`. */
export const eventTopic = ({ name, version }: Named): string => `${name}.v${version}`
/** The windows of all its views, and progress markers: `trades.v1.windows`. */
export const windowTopic = (stream: Named): string => `${eventTopic(stream)}.windows`
/** Events behind the watermark: `trades.v1.late`. */
export const lateTopic = (stream: Named): string => `${eventTopic(stream)}.late`
/** Records that could not become events: `trades.v1.dead-letters`. */
export const deadLetterTopic = (stream: Named): string => `${eventTopic(stream)}.dead-letters`

/** The table of a view by group, or its only one if it has no groups: `trades_per_minute_v1`. */
export const tableName = ({ name, version }: Named, view: Pick<ViewDeclaration, 'name'>): string => `${snakeCase(name)}_${snakeCase(view.name)}_v${version}`
/** The table of a view by time over all its groups: `trades_per_minute_v1_by_time`. */
export const tableByTimeName = (stream: Named, view: Pick<ViewDeclaration, 'name'>): string => `${tableName(stream, view)}_by_time`

/** Where a view is served: `/v1/trades/per-minute`. */
export const viewPath = ({ name, version }: Named, view: Pick<ViewDeclaration, 'name'>): string => `/v${version}/${name}/${view.name}`

/** `MILLRACE_SOURCE_TRADES_URL`: the setting that replaces the source's address. */
export const sourceUrlSetting = (name: string): string => `MILLRACE_SOURCE_${snakeCase(name).toUpperCase()}_URL`

/** A stream with its version, as logs and messages name it: `trades.v1`. */
export const streamLabel = eventTopic
