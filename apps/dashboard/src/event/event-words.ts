import type { EventAnswer } from '../api/kept-answers.ts'
import type { Problem } from '../api/problem.ts'

/** Where an event is, as a sentence. */
export function whereText({ state, windows, late }: EventAnswer): string {
  const rows = windows.filter(({ row }) => row !== null).length
  if (state === 'judged') return 'The event was accepted, and no more is kept of it than the page in which it was judged.'
  if (state === 'late' && (late?.includedGeneration ?? null) === null) return 'The event came too late for its windows: it is kept as a late event and counts in no row until it is included.'
  if (state === 'late') return 'The event came too late, and was included since: the rows below count it.'
  return rows === windows.length ? 'The event is published, and every window it belongs to counts it.' : rows === 0 ? 'The event is published; none of its windows has a row now: not yet, or no more.' : 'The event is published; some of its windows have no row now: not yet, or no more.'
}

/** What to do about a problem of the search; null where the problem itself says it. */
export function whatToDo({ code, status }: Problem): string | null {
  if (code === 'event_search_too_wide') return 'This stream has more ids than one search can look through. Give the event’s time in the second field: then only the ids around it are searched.'
  if (code === 'nothing_declared' || status === 404) return 'Check the id. If the record was rejected it has no event id: look among the dead letters. If you gave a time, try it without.'
  return null
}
