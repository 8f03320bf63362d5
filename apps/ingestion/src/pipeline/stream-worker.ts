import { randomUUID } from 'node:crypto'
import { hasEnded, type Run, type RunState, type RunStore, type StreamStore } from '@millrace/cassandra'
import { hasPassed, systemClock, type Clock } from '@millrace/service'
import { MillraceError, type StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { leaseLost, leaseNotReleased, runEnded, runResumed, topicFound, topicLost, workGoesOn, workStuck, workWaits } from '../ingestion.signals.ts'
import { doRun, type RunParts } from './do-run.ts'
import { Outage } from './outage.ts'
import type { PagePipeline } from './page-pipeline.ts'

export interface WorkerOptions extends RunParts {
  readonly stream: StreamDeclaration
  readonly pipeline: PagePipeline
  readonly streams: StreamStore
  readonly runs: RunStore
  /** A run waits so long for a source, Kafka or Cassandra before it fails. */
  readonly outageMs: number
  readonly clock?: Clock
  /** Of the jitter of waits. */
  readonly random?: () => number
}

/** How often the stream's row and its open runs are looked at, for what other instances have entered there. */
const refreshMs = 2_000
const waitForLeaseMs = 1_000
const awake = new Error('There is something to do.') // `abort` without a reason makes an exception with a stack each time.

/**
 * Ingests one stream: one thing at a time, triggered runs before polls.
 *
 * Whatever fails, the next turn begins with the lease and with the page that was in hand. A poll that fails is tried
 * again with back-off for ever; a triggered run fails for good when waiting does not help or has taken too long.
 */
export class StreamWorker {
  readonly #options: WorkerOptions & Required<Pick<WorkerOptions, 'clock' | 'random'>>
  readonly #stopping = new AbortController()
  readonly #outage: Outage
  #queue: Run[] = []
  #resumed = new Set<string>()
  #isPollDue = false
  #isPaused = false
  #isLossTold = false
  #isIdle = true
  #refreshedAt = 0
  #seq = 0
  #wake = Promise.withResolvers<undefined>()
  #running: Promise<void> | null = null

  constructor(options: WorkerOptions) {
    this.#options = { clock: systemClock, random: Math.random, ...options }
    this.#isPollDue = options.stream.pollMs !== null
    this.#outage = new Outage(this.#options)
  }

  get stream(): StreamDeclaration {
    return this.#options.stream
  }

  /** Works until `stop`. Rejects with what is a mistake in the program. */
  start(): Promise<void> {
    this.#running ??= this.#work()
    return this.#running
  }

  /** A poll is due. Nothing happens while something is in hand or waits after a failure. */
  poll(): void {
    if (!this.#isIdle || this.#outage.isWaiting) return
    this.#isPollDue = true
    this.#wakeUp()
  }

  /** A run has been entered, or the stream paused or resumed: look now. */
  refresh(): void {
    this.#refreshedAt = 0
    this.#wakeUp()
  }

  /** The run as it stands, where it is in hand here. */
  runInHand(id: string): Run | null {
    const run = this.#queue.find((queued) => queued.id === id)
    const progress = this.#options.hold.isHeld ? this.#options.hold.state.progress.run : null
    return run && progress?.id === id ? { ...run, counts: progress.counts, ...(progress.redrive && { report: progress.redrive.report }) } : (run ?? null)
  }

  /** Stops taking; a page in hand is finished; then the lease is let go. */
  async stop(): Promise<void> {
    this.#stopping.abort(new IngestionError('run_interrupted', 'The worker stops.'))
    this.#wakeUp()
    await this.#running
    const { hold, pull } = this.#options
    if (!hold.isHeld) return
    try {
      await pull.flush()
      await hold.release()
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error
      leaseNotReleased({ stream: this.stream.name, error })
    }
  }

  /** One turn; answers how long there is nothing to do. */
  async turn(): Promise<number> {
    const { hold, pipeline, pull } = this.#options
    this.#isIdle = false
    try {
      await hold.take()
      if (hold.state.topic.isReplaced) return await this.#restoreFirst()
      await pipeline.finishPending()
      this.#seq = hold.state.seq
      await this.#refresh()
      if (this.#isPaused) return refreshMs
      const [run] = this.#queue
      if (run) await this.#do(run)
      else if (this.#isPollDue) {
        // One that fails stays due.
        await pull.pull({ id: randomUUID(), isTriggered: false, range: null }, this.#control())
        this.#isPollDue = false
      }
      this.#succeeded()
      return this.#queue.length > 0 ? 0 : refreshMs
    } catch (error) {
      return await this.#failed(error)
    } finally {
      this.#isIdle = true
    }
  }

  /** The topic is not the one that was published to: nothing else is done before its events are restored. */
  async #restoreFirst(): Promise<number> {
    if (!this.#isLossTold) topicLost({ stream: this.stream.name, lost: 1 })
    this.#isLossTold = true
    await this.#refresh()
    if (this.#isPaused) return refreshMs
    const restore = this.#queue.find((run) => run.restore)
    if (!restore) {
      await this.#options.pipeline.lookAgain()
      topicFound({ stream: this.stream.name, lost: 0 })
      this.#isLossTold = false
      return 0
    }
    this.#queue = [restore, ...this.#queue.filter((run) => run !== restore)]
    await this.#do(restore)
    this.#succeeded()
    return 0
  }

  async #work(): Promise<void> {
    const isStopping = () => this.#stopping.signal.aborted
    while (!isStopping()) {
      const waitMs = await this.turn()
      if (waitMs > 0) await this.#idle(waitMs)
    }
  }

  /** Waits, at most until somebody wakes it. */
  async #idle(waitMs: number): Promise<void> {
    const woken = new AbortController()
    void this.#wake.promise.then(() => { woken.abort(awake) })
    await this.#options.clock.sleep(waitMs, woken.signal).catch((error: unknown) => { if (!woken.signal.aborted) throw error })
    this.#wake = Promise.withResolvers<undefined>()
  }

  #wakeUp(): void {
    this.#wake.resolve(undefined)
  }

  async #refresh(): Promise<void> {
    const { stream, hold, streams, runs, pipeline, clock } = this.#options
    await hold.renew()
    if (!hasPassed(refreshMs, { since: this.#refreshedAt, now: clock.now() })) return
    this.#refreshedAt = clock.now()
    this.#isPaused = (await streams.read(stream)).isPaused
    const known = new Set(this.#queue.map(({ id }) => id))
    this.#queue.push(...(await runs.open(stream)).filter(({ id }) => !known.has(id)))
    await pipeline.removeDone()
  }

  #control() {
    return {
      signal: this.#stopping.signal,
      goesOn: async () => {
        if (this.#stopping.signal.aborted) return false
        await this.#refresh()
        return !this.#isPaused
      },
    }
  }

  async #do(run: Run): Promise<void> {
    if (run.state === 'running' && !this.#resumed.has(run.id)) runResumed({ run: run.id, stream: run.stream })
    this.#resumed.add(run.id)
    if (run.state === 'queued') await this.#save({ ...run, state: 'running' })
    const ended = await doRun(run, this.#options, this.#control())
    if (!ended) return
    if (run.restore) this.#isLossTold = false
    await this.#save(ended)
  }

  async #save(run: Run): Promise<void> {
    await this.#options.runs.save(run)
    this.#queue = this.#queue.flatMap((queued) => (queued.id !== run.id ? [queued] : hasEnded(run) ? [] : [run]))
    if (hasEnded(run)) this.#tellEnd(run, run.state)
  }

  #tellEnd({ id, stream, counts, error }: Run, state: RunState): void {
    this.#resumed.delete(id)
    runEnded({ run: id, stream, state, ...counts, ...(error && { error }) })
  }

  #succeeded(): void {
    const lastedMs = this.#outage.end()
    if (lastedMs !== null) workGoesOn({ stream: this.stream.name, seconds: Math.round(lastedMs / 1_000) })
  }

  async #failed(error: unknown): Promise<number> {
    if (!(error instanceof MillraceError)) throw error
    if (this.#stopping.signal.aborted) return 0
    if (error.code === 'lease_held' || error.code === 'lease_lost') {
      if (error.code === 'lease_lost') leaseLost({ stream: this.stream.name })
      this.#queue = []
      this.#refreshedAt = 0
      return this.#outage.waitFor(waitForLeaseMs)
    }
    const [run] = this.#queue
    const isInHand = run?.state === 'running'
    const lastedMs = this.#outage.failed({ what: isInHand ? run.id : 'poll', seq: this.#seq })
    if (isInHand && (error.retry === 'never' || lastedMs >= this.#options.outageMs)) return await this.#fail(run, error)
    return this.#wait(error)
  }

  #wait(error: MillraceError): number {
    const waitMs = this.#outage.wait(error)
    const tell = error.retry === 'never' ? workStuck : workWaits
    tell({ stream: this.stream.name, code: error.code, waitMs, error })
    return waitMs
  }

  /** The run has failed for good. Where even that cannot be written down, it is found running by the next turn. */
  async #fail(run: Run, error: MillraceError): Promise<number> {
    const { hold } = this.#options
    const counts = hold.isHeld && hold.state.progress.run?.id === run.id ? hold.state.progress.run.counts : run.counts
    try {
      await this.#save({ ...run, state: 'failed', counts, error: { code: error.code, message: error.message } })
    } catch (saving) {
      if (!(saving instanceof MillraceError)) throw saving
      return this.#wait(saving)
    }
    this.#outage.end()
    return 0
  }
}
