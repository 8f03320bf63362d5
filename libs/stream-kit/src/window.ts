import type { Span } from './span.ts'

/** Windows on the event time, aligned to the epoch. A tumbling window is a sliding one whose slide is its size. */
export interface Window {
  readonly kind: 'tumbling' | 'sliding'
  readonly size: Span
  readonly slide: Span
}

/** Every event counts in exactly one window of this size. */
export const tumbling = (size: Span): Window => ({ kind: 'tumbling', size, slide: size })

/** A window of `size` starts every `slide`; an event counts in size / slide of them. */
export const sliding = (size: Span, { every }: { every: Span }): Window => ({ kind: 'sliding', size, slide: every })
