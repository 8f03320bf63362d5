import { systemClock, type Clock } from '@millrace/service'
import { parseQueryName, SparkError, type QueryIdentity } from '@millrace/spark-connect'
import type { Catalogue } from '@millrace/stream-kit'
import { settledWithin } from './settled-within.ts'
import { queryStopped, sparkFound, sparkLost } from '../spark-bridge.signals.ts'
import { StreamSupervisor } from './stream-supervisor.ts'
import { isOfServer, type RunningQuery, type Surroundings } from './surroundings.ts'

export interface SupervisorOptions {
  readonly pollMs: number
  readonly clock?: Clock
  readonly afterRound?: (supervisor: Supervisor) => void
}

/** A server that is away is asked more and more rarely, down to this. */
const longestWaitMs = 5_000

const longestFarewellMs = 2_000
const patienceMs = 3_000

/** Keeps one query a stream running, round after round, until it is closed. The queries go on without it. */
export class Supervisor {
  readonly streams: readonly StreamSupervisor[]
  /** Why the server cannot be asked; null while it can. */
  serverFailure: SparkError | null = null
  readonly #around: Surroundings
  readonly #pollMs: number
  readonly #clock: Clock
  readonly #afterRound: SupervisorOptions['afterRound']
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #failures = 0
  #isFound = false

  constructor(catalogue: Catalogue, around: Surroundings, { pollMs, clock = systemClock, afterRound }: SupervisorOptions) {
    this.#afterRound = afterRound
    this.streams = catalogue.streams.map((stream) => new StreamSupervisor(stream, around))
    this.#around = around
    this.#pollMs = pollMs
    this.#clock = clock
  }

  /** Begins the rounds when `ready` has settled, or after a moment without it. What nobody foresaw is a rejection that nobody handles: it ends the process. */
  open(ready: Promise<unknown> = Promise.resolve()): void {
    this.#running = this.#rounds(ready)
  }

  /** Waits for the round in hand, but not long: whatever it leaves undone, the next bridge finds so and does. */
  async close(): Promise<void> {
    this.#stop.abort()
    await settledWithin(this.#running, longestFarewellMs)
  }

  /** Throws while the server cannot be asked. */
  health(): void {
    if (this.serverFailure) throw this.serverFailure
    if (!this.#isFound) throw new SparkError('spark_unreachable', 'asking the server: it has not answered yet.')
  }

  /** One look at everything; the rounds are made of it. */
  async round(): Promise<void> {
    const now = this.#clock.now()
    try {
      const running = (await this.#around.server.active()).map(runningQuery)
      this.#found()
      await this.#stopUndeclared(running)
      for (const stream of this.streams) {
        if (this.#stop.signal.aborted) return
        await stream.round(running.flatMap((query) => (query?.stream === stream.label ? [query] : [])), now)
      }
    } catch (error) {
      if (!(error instanceof SparkError) || !isOfServer(error)) throw error
      this.#lost(error)
    }
  }

  async #rounds(ready: Promise<unknown>): Promise<void> {
    const { signal } = this.#stop
    await settledWithin(ready, patienceMs, signal)
    const isClosing = () => signal.aborted
    while (!isClosing()) {
      await this.round()
      this.#afterRound?.(this)
      const waitMs = this.serverFailure ? Math.min(longestWaitMs, this.#pollMs * 1.5 ** this.#failures) : this.#pollMs
      try {
        await this.#clock.sleep(waitMs, signal)
      } catch (error) {
        if (isClosing()) return
        throw error
      }
    }
  }

  /** Queries of streams, or of versions, that are declared no more. Names of other shapes are none of ours. */
  async #stopUndeclared(running: readonly (NamedQuery | null)[]): Promise<void> {
    const declared = new Set(this.streams.map(({ label }) => label))
    for (const query of running)
      if (query && !declared.has(query.stream)) {
        await this.#around.server.stop(query.identity)
        queryStopped({ stream: query.stream, query: query.name, why: 'its stream is not declared' })
      }
  }

  #found(): void {
    if (this.serverFailure || !this.#isFound) sparkFound()
    this.#isFound = true
    this.serverFailure = null
    this.#failures = 0
  }

  /** A session that changed belongs to a server that was restarted: its queries are gone, but it can be asked at once. */
  #lost(error: SparkError): void {
    if (this.serverFailure?.code !== error.code) sparkLost({ code: error.code, error })
    const isOther = error.code === 'spark_session_changed'
    if (isOther) for (const stream of this.streams) stream.lostServer()
    this.serverFailure = error
    this.#failures = isOther ? 0 : this.#failures + 1
  }
}

interface NamedQuery extends RunningQuery {
  readonly stream: string
}

function runningQuery(identity: QueryIdentity): NamedQuery | null {
  const key = parseQueryName(identity.name)
  return key && { ...key, name: identity.name, identity }
}
