import type { RunRange } from '@millrace/cassandra'
import { spanMs, type Cursor, type HttpSource } from '@millrace/stream-kit'

/** Where a source is being read. Between runs `page` is 0 and `cursor` is where the next run begins. */
export interface Position {
  /** Where the run has begun. */
  readonly cursor: Cursor
  /** The next page to read. */
  readonly page: number
  /** The greatest position seen, in this run or any before. */
  readonly greatest: Cursor
}

/** Where a backfill is being read. It has nothing to do with the cursor. */
export interface RangePlace {
  readonly range: RunRange
  /** The next page to read. */
  readonly page: number
}

export type Place = Position | RangePlace

export const firstPosition = ({ start }: Pick<HttpSource, 'start'>): Position => ({ cursor: start, page: 0, greatest: start })

/** The place after a page of a range. */
export const afterRangePage = ({ pageSize }: Pick<HttpSource, 'pageSize'>, { range, page }: RangePlace, items: readonly unknown[]): { position: RangePlace; isLast: boolean } => ({ position: { range, page: page + 1 }, isLast: items.length < pageSize })

/** The position after a page. A page with fewer records than asked for ends the run: the next begins `overlap` before the greatest position. */
export function afterPage(source: Pick<HttpSource, 'advance' | 'overlap' | 'pageSize' | 'start'>, position: Position, items: readonly unknown[]): { position: Position; isLast: boolean } {
  const greatest = advanced(source, position.greatest, items)
  const isLast = items.length < source.pageSize
  return { isLast, position: isLast ? { cursor: before(source, greatest), page: 0, greatest } : { ...position, page: position.page + 1, greatest } }
}

/** One record that `advance` cannot read must not hold up the others: they are then taken one by one. */
function advanced({ advance }: Pick<HttpSource, 'advance'>, greatest: Cursor, items: readonly unknown[]): Cursor {
  const step = (from: Cursor, some: readonly unknown[]): Cursor | null => {
    try {
      const to = advance(from, some)
      return isAhead(from, to) ? to : null
    } catch {
      return null
    }
  }
  return step(greatest, items) ?? items.reduce<Cursor>((from, item) => step(from, [item]) ?? from, greatest)
}

/** Whether every position of `from` is there in `to`, of the same kind, readable, and not smaller. */
function isAhead(from: Cursor, to: Cursor): boolean {
  return Object.entries(from).every(([name, value]) => {
    const next = to[name]
    if (typeof value === 'number') return typeof next === 'number' && Number.isFinite(next) && next >= value
    return typeof next === 'string' && Date.parse(next) >= Date.parse(value)
  })
}

function before({ overlap, start }: Pick<HttpSource, 'overlap' | 'start'>, greatest: Cursor): Cursor {
  const back = typeof overlap === 'number' ? overlap : spanMs(overlap)
  return Object.fromEntries(
    Object.entries(greatest).map(([name, value]): [string, string | number] => {
      const first = start[name] ?? value
      if (typeof value === 'number') return [name, Math.max(value - back, Math.min(Number(first), value))]
      const earliest = Math.min(Date.parse(String(first)), Date.parse(value))
      return [name, new Date(Math.max(Date.parse(value) - back, earliest)).toISOString()]
    }),
  )
}
