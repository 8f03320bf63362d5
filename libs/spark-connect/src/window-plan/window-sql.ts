import { instantRange, type FieldSpecs, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { conditionSql } from './condition-sql.ts'
import { fieldText } from './field-sql.ts'
import { sqlInt, sqlName, sqlText } from './sql-text.ts'

/** The event time in epoch milliseconds. */
export const timeColumn = '_t'

/**
 * Spark's watermark begins at the epoch, so every event before 1970 would be dropped as late. For Spark the clock
 * therefore runs this many milliseconds ahead: one day more than lie between the earliest instant and the epoch.
 */
const clockAheadMs = 86_400_000 - instantRange.min

/** The timestamp that Spark compares with its watermark, of an instant in epoch milliseconds. */
export const watermarkTime = (milliseconds: string): string => `timestamp_millis(${milliseconds} + ${sqlInt(clockAheadMs)})`
/** The instant in epoch milliseconds of such a timestamp. */
export const instantOf = (timestamp: string): string => `unix_millis(${timestamp}) - ${sqlInt(clockAheadMs)}`

/**
 * One row for every window of every view that an event falls into, as the column `_v`: `view`, `grp`, `ws`, `we`.
 * Plain arithmetic on milliseconds, aligned to the epoch; Spark's own window() allows one window a query.
 */
export function windowsSql({ views, event }: Pick<StreamDeclaration, 'views' | 'event'>): string {
  const elements = `array(${views.flatMap((view) => elementsOf(view, event)).join(', ')})`
  const isFiltered = views.some(({ where }) => where !== null)
  return `explode(${isFiltered ? `filter(${elements}, x -> x IS NOT NULL)` : elements}) AS _v`
}

function elementsOf(view: ViewDeclaration, event: FieldSpecs): string[] {
  const { sizeMs, slideMs } = view.window
  return Array.from({ length: sizeMs / slideMs }, (_, index) => {
    const start = `${timeColumn} - pmod(${timeColumn}, ${sqlInt(slideMs)})${index === 0 ? '' : ` - ${sqlInt(index * slideMs)}`}`
    const element = `struct(${sqlText(view.name)} AS view, ${groupSql(view, event)} AS grp, ${start} AS ws, ${start} + ${sqlInt(sizeMs)} AS we)`
    return view.where ? `CASE WHEN ${conditionSql(view.where, event)} THEN ${element} END` : element
  })
}

/** The values of the group's fields as text; the elements of the array must have one type whatever their groups. */
function groupSql({ by }: ViewDeclaration, event: FieldSpecs): string {
  const texts = by.flatMap((name) => (event[name] ? [fieldText(sqlName(name), event[name])] : []))
  return texts.length === 0 ? 'CAST(array() AS ARRAY<STRING>)' : `array(${texts.join(', ')})`
}
