import type { RowAnswer } from '../api/answers.ts'
import type { Problem } from '../api/problem.ts'
import { backOffMs } from '../time/back-off.ts'
import type { Clock } from '../time/clock.ts'
import { readFeedProblem, readProgress, readReset, readRow, type Progress } from './feed-events.ts'
import type { FeedState } from './feed-state.ts'

/** As much of the browser's EventSource as the feed uses. */
export interface EventStream {
  readonly readyState: number
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void
  close(): void
}

/** What comes over the feed. Rows are absolute: a later one of the same group and window replaces the earlier one. */
export interface FeedListener {
  readonly onReset: (from: number | null) => void
  readonly onRow: (row: RowAnswer) => void
  readonly onProgress: (progress: Progress) => void
  readonly onState: (state: FeedState) => void
}

interface LiveFeedOptions extends FeedListener {
  readonly open: () => EventStream
  /** An EventSource does not say why it was refused: this asks once more, and answers null if it would not be refused now. */
  readonly explain: () => Promise<Problem | null>
  readonly clock: Clock
  readonly random: () => number
}

const closed = 2
const mostMs = 30_000

/** A live feed that stays: the browser continues a broken connection, and a refused one is asked for again, later and later. */
export class LiveFeed {
  #stream: EventStream | null = null
  #state: FeedState
  #failures = 0
  #brokenSince: number | null = null
  #cancel: (() => void) | null = null

  constructor(private readonly options: LiveFeedOptions) {
    this.#state = { is: 'connecting', since: options.clock.now() }
  }

  get state(): FeedState {
    return this.#state
  }

  start(): void {
    this.#close()
    const stream = this.options.open()
    this.#stream = stream
    // A feed that is tried again stays what it was until it is open.
    if (this.#brokenSince === null) this.#tell({ is: 'connecting', since: this.options.clock.now() })
    const on = (type: string, take: (data: string) => void): void => {
      stream.addEventListener(type, ({ data }) => { if (stream === this.#stream) take(typeof data === 'string' ? data : '') })
    }
    on('open', () => { this.#isLive() })
    on('reset', (data) => { this.#isLive(); this.options.onReset(readReset(data)) })
    on('window', (data) => { give(readRow(data), this.options.onRow) })
    on('progress', (data) => { this.#isLive(); this.#failures = 0; give(readProgress(data), this.options.onProgress) })
    on('problem', (data) => { this.#tell({ is: 'away', since: this.#isBroken(), problem: readFeedProblem(data) }) })
    on('error', () => { this.#breaks(stream) })
  }

  /** Closes the feed; `start` begins a new one. */
  stop(): void {
    this.#close()
    this.#brokenSince = null
    this.#tell({ is: 'resting', since: this.options.clock.now() })
  }

  #close(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#stream?.close()
    this.#stream = null
  }

  #isLive(): void {
    this.#brokenSince = null
    if (this.#state.is !== 'live') this.#tell({ is: 'live', since: this.options.clock.now() })
  }

  #isBroken(): number {
    this.#brokenSince ??= this.options.clock.now()
    return this.#brokenSince
  }

  #breaks(stream: EventStream): void {
    if (stream.readyState === closed) void this.#refused(stream)
    else this.#tell({ is: 'reconnecting', since: this.#isBroken() })
  }

  async #refused(stream: EventStream): Promise<void> {
    const { clock, random, explain } = this.options
    const since = this.#isBroken()
    const problem = await explain()
    if (stream !== this.#stream) return
    this.#failures += 1
    const waitMs = Math.max(backOffMs(this.#failures, { firstMs: 1_000, mostMs, random }, problem?.retryAfterMs ?? null), problem && isOurFault(problem) ? mostMs : 0)
    this.#close()
    this.#cancel = clock.after(waitMs, () => { this.start() })
    this.#tell(problem ? { is: 'refused', since, problem, retryAt: clock.now() + waitMs } : { is: 'reconnecting', since })
  }

  #tell(state: FeedState): void {
    this.#state = state
    this.options.onState(state)
  }
}

function give<T>(value: T | null, to: (value: T) => void): void {
  if (value !== null) to(value)
}

/** What is wrong with the request itself does not pass soon, so it is asked again as seldom as may be. */
const isOurFault = ({ status }: Problem): boolean => status !== null && status >= 400 && status < 500 && status !== 429
