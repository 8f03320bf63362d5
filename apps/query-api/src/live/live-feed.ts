import { firstRange, openRange, type FoundRoute } from '@millrace/rest'
import { hasPassed, problemAnswer, ProblemException, type Clock } from '@millrace/service'
import { MillraceError, streamLabel } from '@millrace/stream-kit'
import { liveLookFailed, liveRowsSent } from '../query-api.signals.ts'
import type { ViewRow } from '../view-rows.ts'
import { liveEvents, writePlace } from './live-events.ts'
import { lookAt, readRows, type LiveSources, type Sight } from './live-look.ts'
import type { LiveReader } from './live-reader.ts'

export interface LiveFeedOptions extends LiveSources {
  readonly clock: Clock
  readonly everyMs: number
}

/** A proxy gives a silent connection up after a minute at the soonest. */
const beatMs = 15_000
/** A key that was taken back reads no longer than this. */
const longestMs = 15 * 60_000

const keyOf = ({ stored: { group, start } }: ViewRow): string => JSON.stringify([group, start])
/** A row is versioned by its generation and its count of events. */
const stateOf = ({ stored: { generation, events }, isFinal }: ViewRow): string => `${generation}.${events}.${isFinal}`

const isRefusal = (error: unknown): boolean => error instanceof ProblemException && error.problem.status < 500

/**
 * What one view, or one of its groups, looks like now, and each row that changes, for all who follow it. It reads the rows as
 * every query does, one look after the other while somebody follows: a reader never gets an older row after a newer one, and
 * nothing that a query would not give.
 */
export class LiveFeed {
  readonly #readers = new Set<LiveReader>()
  readonly #closing = new AbortController()
  #joining = 0
  #seen: Sight | null = null
  /** The states of the rows that were not final at the last look. */
  #open = new Map<string, string>()
  #turn: Promise<unknown> = Promise.resolve()
  #isLooking = false
  #isAway = false
  #sentAt: number

  constructor(private readonly found: FoundRoute, private readonly options: LiveFeedOptions) {
    this.#sentAt = options.clock.now()
  }

  get isIdle(): boolean {
    return this.#readers.size === 0 && this.#joining === 0
  }

  /** Sends the reader what there is, and from then on what changes. Throws where that cannot be read. */
  async join(reader: LiveReader): Promise<void> {
    this.#joining++
    try {
      await this.#inTurn(async () => {
        await this.#begin(reader, await this.#look())
        if (!reader.isEnded) this.#readers.add(reader)
      })
    } finally {
      this.#joining--
    }
    if (!this.#isLooking && this.#readers.size > 0) void this.#goOnLooking()
  }

  leave(reader: LiveReader): void {
    this.#readers.delete(reader)
  }

  /** Ends all connections. */
  close(): void {
    this.#closing.abort()
    for (const reader of this.#readers) this.#end(reader)
  }

  /** Looks are one after the other, whoever asks for them: only so does no reader get an older row after a newer one. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #goOnLooking(): Promise<void> {
    const { clock, everyMs } = this.options
    this.#isLooking = true
    while (this.#readers.size > 0) {
      try {
        await clock.sleep(everyMs, this.#closing.signal)
      } catch (error) {
        if (!this.#closing.signal.aborted) throw error
        break
      }
      try {
        await this.#inTurn(() => this.#look())
        this.#isAway = false
      } catch (error) {
        if (!(error instanceof MillraceError || error instanceof ProblemException)) throw error
        this.#tell(error)
      }
      this.#letGo()
    }
    this.#isLooking = false
  }

  /** Finds what is new and sends it; a reader that has rows of other generations begins anew. */
  async #look(): Promise<Sight> {
    const sight = await lookAt(this.options, this.found)
    if (sight.mark !== this.#seen?.mark || this.#isAway) {
      const changed = await this.#changed(sight)
      this.#seen = sight
      const followers = [...this.#readers].filter(({ plan }) => plan === sight.plan)
      for (const reader of followers) {
        this.#sendRows(reader, changed, reader.id)
        this.#arrive(reader, sight)
      }
    }
    for (const reader of this.#readers) if (reader.plan !== sight.plan) await this.#beginAnew(reader, sight)
    return sight
  }

  /** The rows that differ from those of the look before. */
  async #changed(sight: Sight): Promise<ViewRow[]> {
    const since = this.#seen?.plan === sight.plan ? this.#seen : sight
    const rows = sight.highest === null ? [] : await readRows(this.options, this.found, openRange(this.found.route.view, since.place?.finalUntil ?? null, sight.highest), sight)
    const changed = rows.filter((row) => this.#open.get(keyOf(row)) !== stateOf(row))
    this.#open = new Map(rows.map((row) => [keyOf(row), stateOf(row)]))
    return changed
  }

  /** A reader that comes back to the generations it had gets what was not final then; any other one gets all that it asked for. */
  async #begin(reader: LiveReader, sight: Sight): Promise<void> {
    const { view } = this.found.route
    const back = reader.place?.plan === sight.plan ? reader.place : null
    const range = sight.highest === null ? null : back === null ? firstRange(view, reader, sight.highest) : openRange(view, back.finalUntil, sight.highest)
    const rows = range === null ? [] : await readRows(this.options, this.found, range, sight)
    const id = writePlace(back)
    if (back === null) reader.send(liveEvents.reset(range, id))
    this.#sendRows(reader, rows, id)
    reader.plan = sight.plan
    this.#arrive(reader, sight)
  }

  /** One that would now get too much is let go, and nobody else. */
  async #beginAnew(reader: LiveReader, sight: Sight): Promise<void> {
    try {
      await this.#begin(reader, sight)
    } catch (error) {
      if (!isRefusal(error)) throw error
      reader.send(liveEvents.problem(problemAnswer(error, reader.correlationId).body, ''))
      this.#end(reader)
    }
  }

  #sendRows(reader: LiveReader, rows: readonly ViewRow[], id: string): void {
    const wanted = rows.filter((row) => reader.wants(row))
    for (const row of wanted) reader.send(liveEvents.window(row, id))
    if (wanted.length > 0) liveRowsSent({ stream: streamLabel(this.found.route.stream), rows: wanted.length })
  }

  #arrive(reader: LiveReader, { place, generation, progress }: Sight): void {
    reader.place = place
    reader.send(liveEvents.progress(generation, progress, reader.id))
    this.#sentAt = this.options.clock.now()
  }

  /** Says once that nothing can be read; whoever asked for too much is let go. */
  #tell(error: MillraceError | ProblemException): void {
    if (!this.#isAway) liveLookFailed({ stream: streamLabel(this.found.route.stream), view: this.found.route.view.name, error })
    for (const reader of this.#readers) {
      if (!this.#isAway) reader.send(liveEvents.problem(problemAnswer(error, reader.correlationId).body, reader.id))
      if (isRefusal(error)) this.#end(reader)
    }
    this.#isAway = true
  }

  /** A quarter of an hour is enough: a browser connects again, and shows its key again. */
  #letGo(): void {
    const now = this.options.clock.now()
    for (const reader of this.#readers) if (hasPassed(longestMs, { since: reader.since, now })) this.#end(reader)
    if (!hasPassed(beatMs, { since: this.#sentAt, now })) return
    for (const reader of this.#readers) reader.send(liveEvents.beat())
    this.#sentAt = now
  }

  #end(reader: LiveReader): void {
    reader.end()
    this.#readers.delete(reader)
  }
}
