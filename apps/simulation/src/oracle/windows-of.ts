import type { StreamDeclaration } from '@millrace/stream-kit'

export interface SightingEvent {
  readonly id: string
  readonly bird: string
  readonly count?: number
  readonly seenAt: number
}

export interface EventWindow {
  readonly view: string
  readonly group: readonly string[]
  readonly start: number
  readonly end: number
}

/** The windows that an event counts in. Every view of the world's stream is tumbling, without a condition, grouped by bird or not at all. */
export function windowsOf({ views }: Pick<StreamDeclaration, 'views'>, { bird, seenAt }: Pick<SightingEvent, 'bird' | 'seenAt'>): EventWindow[] {
  return views.map(({ name, by, window: { sizeMs } }) => {
    const start = Math.floor(seenAt / sizeMs) * sizeMs
    return { view: name, group: by.length === 0 ? [] : [bird], start, end: start + sizeMs }
  })
}

export const windowKey = ({ view, group, start }: Pick<EventWindow, 'view' | 'group' | 'start'>): string => `${view} ${group.join()} ${start}`
