/** Instants as the page shows them: always UTC, the longest unit first. */

const iso = (ms: number): string => new Date(ms).toISOString()
const isShowable = (ms: number): boolean => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15

/** `2026-11-22 19:23:36`, with milliseconds where there are any. */
export const instantText = (ms: number): string => (isShowable(ms) ? iso(ms).replace('T', ' ').replace(/(\.000)?Z$/, '') : 'unreadable')

/** `19:23:36` */
export const timeText = (ms: number): string => (isShowable(ms) ? iso(ms).slice(11, 19) : 'unreadable')

/** `2026-11-22` */
export const dayText = (ms: number): string => (isShowable(ms) ? iso(ms).slice(0, 10) : 'unreadable')

/** The instant of an answer as it is shown; `none` where there is none. */
export const saidText = (said: string | null): string => (said === null ? 'none' : instantText(Date.parse(said)))

/** The same to the second, for what moves on all the time. */
export const secondText = (said: string | null): string => (said === null ? 'none' : `${dayText(Date.parse(said))} ${timeText(Date.parse(said))}`)

/** A window, with its day: `2026-11-22 19:23:30 – 19:23:40`. */
export const windowText = (start: number, end: number): string => `${dayText(start)} ${windowTimes(start, end)}`

/** A window under a heading that has its day: that is repeated, without the year, only where it is another. */
export const windowUnder = (day: string | null, start: number, end: number): string => `${dayText(start) === day ? '' : `${dayText(start).slice(5)} `}${windowTimes(start, end)}`

/** A window without its day, where that is said already; seconds where they tell something, and the day of the end where it is another. */
export function windowTimes(start: number, end: number): string {
  const isWhole = start % 60_000 === 0 && end % 60_000 === 0
  const time = (ms: number): string => (isWhole ? timeText(ms).slice(0, 5) : timeText(ms))
  const isOneDay = end - start <= 86_400_000 && (dayText(start) === dayText(end) || end % 86_400_000 === 0)
  return `${time(start)} – ${isOneDay ? '' : `${dayText(end)} `}${time(end)}`
}

/** An instant on an axis: as much as tells it from its neighbours `stepMs` away. */
export function tickText(ms: number, stepMs: number): string {
  const text = iso(ms)
  if (ms % 86_400_000 === 0) return text.slice(5, 10)
  return stepMs < 60_000 ? text.slice(11, 19) : text.slice(11, 16)
}
