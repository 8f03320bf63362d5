import { storeTables, type ControlTable } from './control-ddl.ts'
import { ingestionTables } from './ingestion/ingestion-tables.ts'
import { recountTables } from './recounts/recount-tables.ts'
import { replayTables } from './replays/replay-tables.ts'

/** Every table of the platform's own: what `provision apply` makes beside those of the views. */
export const controlTables: readonly ControlTable[] = [...storeTables, ...ingestionTables, ...recountTables, ...replayTables]
