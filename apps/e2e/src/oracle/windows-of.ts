import type { Row } from '../http/read-view.ts'

export interface WindowShape {
  readonly sizeMs: number
  readonly slideMs: number
}

interface Question<T> {
  readonly window: WindowShape
  readonly at: (event: T) => number
  /** The group's fields, as a row shows them. */
  readonly group: (event: T) => Readonly<Record<string, string>>
  /** What a row shows beside group, window and `events`. */
  readonly measure: (events: readonly T[]) => Row
}

/**
 * The rows of a view by plain arithmetic: every event put into every window that holds its time, every window measured.
 * Shares no code with the platform, on purpose.
 */
export function windowsOf<T>(events: readonly T[], { window: { sizeMs, slideMs }, at, group, measure }: Question<T>): Row[] {
  const members = new Map<string, { group: Readonly<Record<string, string>>; start: number; events: T[] }>()
  for (const event of events) {
    const time = at(event)
    for (let start = Math.floor(time / slideMs) * slideMs; start > time - sizeMs; start -= slideMs) {
      const key = JSON.stringify([group(event), start])
      const window = members.get(key) ?? { group: group(event), start, events: [] }
      window.events.push(event)
      members.set(key, window)
    }
  }
  return [...members.values()].map((window) => ({
    ...window.group,
    windowStart: new Date(window.start).toISOString(),
    windowEnd: new Date(window.start + sizeMs).toISOString(),
    events: window.events.length,
    ...measure(window.events),
  }))
}
