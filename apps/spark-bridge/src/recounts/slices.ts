import type { RecountedWindow } from '@millrace/spark-connect'

/** All windows that start from `from` to before `to`. */
export interface Slice {
  readonly from: number
  readonly to: number
  readonly windows: readonly RecountedWindow[]
}

export interface SliceOptions {
  /** Of the starts of windows. */
  readonly from: number
  readonly to: number
  /** A slice with as many windows ends where the next window starts later. */
  readonly enough: number
}

/** Cuts windows, which come oldest first, into slices that cover the whole span, gaps too: at least one, so that nothing stored goes unseen. */
export async function* slicesOf(windows: AsyncIterable<RecountedWindow>, { from, to, enough }: SliceOptions): AsyncGenerator<Slice, void, void> {
  let begin = from
  let held: RecountedWindow[] = []
  for await (const window of windows) {
    const last = held.at(-1)
    if (last && held.length >= enough && window.start > last.start) {
      yield { from: begin, to: window.start, windows: held }
      begin = window.start
      held = []
    }
    held.push(window)
  }
  yield { from: begin, to, windows: held }
}
