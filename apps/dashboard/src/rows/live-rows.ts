import type { RowAnswer, ViewAnswer } from '../api/answers.ts'
import type { Progress } from '../feed/feed-events.ts'
import type { FeedState } from '../feed/feed-state.ts'
import type { FeedListener } from '../feed/live-feed.ts'
import { readWindowRow, type WindowRow } from './window-row.ts'
import { WindowRows } from './window-rows.ts'

/** What is shown of a feed at one moment. */
export interface LiveRowsShown {
  readonly groups: ReadonlyMap<string, readonly WindowRow[]>
  readonly isCut: boolean
  /** No window that starts earlier has been sent; null where that is not known. */
  readonly from: number | null
  readonly progress: Progress | null
  readonly feed: FeedState
  /** When a row or progress last came, by the page's clock. */
  readonly heardAt: number | null
}

interface LiveRowsOptions {
  readonly view: Pick<ViewAnswer, 'by' | 'measures'>
  readonly now: () => number
  /** Asks for one call, soon; is asked again only after that call. */
  readonly soon: (run: () => void) => void
  readonly feed: FeedState
}

/** Gathers what the feed says and shows it a few times a second, however often rows come. */
export class LiveRows implements FeedListener {
  readonly #rows = new WindowRows()
  readonly #listeners = new Set<() => void>()
  #shown: LiveRowsShown
  #progress: Progress | null = null
  #from: number | null = null
  #feed: FeedState
  #heardAt: number | null = null
  #isAsked = false

  constructor(private readonly options: LiveRowsOptions) {
    this.#feed = options.feed
    this.#shown = this.#snapshot()
  }

  readonly onReset = (from: number | null): void => {
    this.#rows.reset()
    this.#from = from
    this.#progress = null
    this.#changed()
  }

  readonly onRow = (answer: RowAnswer): void => {
    const row = readWindowRow(this.options.view, answer)
    if (row) this.#rows.put(row)
    this.#heardAt = this.options.now()
    this.#changed()
  }

  readonly onProgress = (progress: Progress): void => {
    this.#progress = progress
    this.#heardAt = this.options.now()
    this.#changed()
  }

  readonly onState = (feed: FeedState): void => {
    this.#feed = feed
    this.#changed()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  readonly shown = (): LiveRowsShown => this.#shown

  #changed(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    this.options.soon(() => {
      this.#isAsked = false
      this.#shown = this.#snapshot()
      for (const listener of this.#listeners) listener()
    })
  }

  #snapshot(): LiveRowsShown {
    return { groups: new Map(this.#rows.groups), isCut: this.#rows.isCut, from: this.#from, progress: this.#progress, feed: this.#feed, heardAt: this.#heardAt }
  }
}
