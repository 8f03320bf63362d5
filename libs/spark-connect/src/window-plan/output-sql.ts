import type { FieldSpecs, ViewDeclaration } from '@millrace/stream-kit'
import type { Aggregates } from './aggregates.ts'
import { measureSql } from './measure-sql.ts'
import { sqlName, sqlText } from './sql-text.ts'
import { instantOf } from './window-sql.ts'

/** The column that the query's generation is stamped into before the output is written. */
export const generationColumn = '_generation'

/** `["per-hour","[\"ci\"]",1517443200000]`: view, group as JSON text, start; nothing that could collide with a separator. */
export const keySql = "concat(trim(TRAILING ']' FROM to_json(array(_view, to_json(_grp)))), ',', CAST(_ws AS STRING), ']') AS key"

/**
 * `{"view":"per-hour","group":["ci"],"start":…,"end":…,"events":12,"generation":1,"measures":{"strongest":3.1}}`, each
 * view with the measures that it declares. to_json leaves absent ones out.
 */
export function valueSql(views: readonly ViewDeclaration[], event: FieldSpecs, aggregates: Aggregates): string {
  const branches = views.map((view) => `WHEN ${sqlText(view.name)} THEN ${rowSql(view, event, aggregates)}`)
  return `CASE _view ${branches.join(' ')} END AS value`
}

function rowSql(view: ViewDeclaration, event: FieldSpecs, aggregates: Aggregates): string {
  const measures = view.measures.map(({ name, measure }) =>
    `${measureSql(measure, { event, columnOf: (aggregate) => aggregates.columnFor(view.name, aggregate) })} AS ${sqlName(name)}`)
  return `to_json(struct(_view AS view, _grp AS group, _ws AS start, ${instantOf('_wend')} AS end, events, ${generationColumn} AS generation, struct(${measures.join(', ')}) AS measures))`
}
