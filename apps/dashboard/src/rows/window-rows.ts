import type { WindowRow } from './window-row.ts'

export interface RowBounds {
  readonly windowsPerGroup: number
  readonly groups: number
}

const rowBounds: RowBounds = { windowsPerGroup: 240, groups: 200 }

/**
 * The rows that have come over the feed, by group and window: a later one of the same group and window replaces the
 * earlier one, in whatever order windows come. Of each group the newest windows are kept, and of all groups those with
 * the newest windows, so a feed that runs for days takes no more memory than one of an hour.
 */
export class WindowRows {
  /** By group; oldest first. */
  readonly #groups = new Map<string, WindowRow[]>()
  #isCut = false

  constructor(private readonly bounds: RowBounds = rowBounds) {}

  /** Rows by group, the oldest first. They are not changed later on: a changed group has another list. */
  get groups(): ReadonlyMap<string, readonly WindowRow[]> {
    return this.#groups
  }

  /** Whether there are more groups than are kept. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Forgets all rows. */
  reset(): void {
    this.#groups.clear()
    this.#isCut = false
  }

  put(row: WindowRow): void {
    const before = this.#groups.get(row.key) ?? []
    const at = placeOf(before, row.start)
    const isReplaced = before[at]?.start === row.start
    const rows = before.toSpliced(at, isReplaced ? 1 : 0, row)
    if (rows.length > this.bounds.windowsPerGroup) rows.shift()
    this.#groups.set(row.key, rows)
    if (this.#groups.size > this.bounds.groups) this.#dropOldestGroup()
  }

  #dropOldestGroup(): void {
    let oldest: { readonly key: string; readonly newest: number } | null = null
    for (const [key, rows] of this.#groups) {
      const newest = rows.at(-1)?.start ?? -Infinity
      if (oldest === null || newest < oldest.newest) oldest = { key, newest }
    }
    if (oldest) this.#groups.delete(oldest.key)
    this.#isCut = true
  }
}

/** Where a window that starts then stands, or would: looked for from the end, where almost all come. */
function placeOf(rows: readonly WindowRow[], start: number): number {
  let at = rows.length
  while (at > 0 && (rows[at - 1]?.start ?? -Infinity) >= start) at -= 1
  return at
}
