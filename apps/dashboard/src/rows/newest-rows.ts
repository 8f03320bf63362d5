import type { WindowRow } from './window-row.ts'

type Groups = ReadonlyMap<string, readonly WindowRow[]>

/** The newest windows of all groups: the latest window first, and within it by group, so that rows keep their places while their counts grow. */
export function newestRows(groups: Groups, most: number): readonly WindowRow[] {
  const candidates = [...groups.values()].flatMap((rows) => rows.slice(-most))
  return candidates.sort((a, b) => b.start - a.start || (a.key < b.key ? -1 : 1)).slice(0, most)
}

/** The start of the newest window of all; null without rows. */
export function newestStart(groups: Groups): number | null {
  const starts = [...groups.values()].flatMap((rows) => rows.at(-1)?.start ?? [])
  return starts.length === 0 ? null : Math.max(...starts)
}
