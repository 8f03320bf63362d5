import type { Aggregate } from './measure-sql.ts'
import { sqlText } from './sql-text.ts'

/**
 * The distinct aggregates of all views: `m0`, `m1`, … in the order of their first use. One that several views use is
 * computed once a row; a row is one event in one window of one view.
 */
export class Aggregates {
  readonly #uses = new Map<string, { readonly aggregate: Aggregate; readonly views: Set<string> }>()

  columnFor(view: string, aggregate: Aggregate): string {
    const key = JSON.stringify([aggregate.call, aggregate.only])
    const use = this.#uses.get(key) ?? { aggregate, views: new Set<string>() }
    this.#uses.set(key, use)
    use.views.add(view)
    return `m${[...this.#uses.keys()].indexOf(key)}`
  }

  /** `` max(`magnitude`) FILTER (WHERE view IN ('per-hour', 'six-hours')) AS m0 `` */
  columns(): string[] {
    return [...this.#uses.values()].map(({ aggregate: { call, only }, views }, index) => {
      const ofViews = `_view IN (${[...views].map(sqlText).join(', ')})`
      return `${call} FILTER (WHERE ${only === null ? ofViews : `${ofViews} AND ${only}`}) AS m${index}`
    })
  }
}
