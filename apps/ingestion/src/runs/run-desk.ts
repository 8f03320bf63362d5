import { hash, randomUUID } from 'node:crypto'
import { hasEnded, noCounts, type Run, type RunStore } from '@millrace/cassandra'
import { serviceProblem, systemClock, type Clock, type RateLimit } from '@millrace/service'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../ingestion.problems.ts'
import { runEnded, runEntered } from '../ingestion.signals.ts'
import type { StreamWorker } from '../pipeline/stream-worker.ts'

export interface RunDeskOptions {
  readonly catalogue: Catalogue
  readonly runs: RunStore
  readonly workers: { get(stream: Pick<StreamDeclaration, 'name' | 'version'>): Pick<StreamWorker, 'refresh' | 'runInHand'> | undefined }
  /** New runs a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take'>
  readonly clock?: Clock
}

export interface Trigger {
  readonly stream: string
  readonly key: string | undefined
  readonly caller: string
  readonly body: object
}

/** Enters triggered runs, each idempotency key once, and tells how they stand. */
export class RunDesk {
  readonly #options: Required<RunDeskOptions>

  constructor(options: RunDeskOptions) {
    this.#options = { clock: systemClock, ...options }
  }

  /** The newest version of the stream of that name, or the problem 404. */
  stream(name: string): StreamDeclaration {
    const { catalogue } = this.#options
    const stream = catalogue.find(name)
    if (!stream) throw serviceProblem('stream_unknown', { detail: `There is no stream '${name.slice(0, 64)}'. There are: ${catalogue.streams.map((known) => known.name).join(', ')}.` })
    return stream
  }

  /** The run that this key stands for, entered now or before. */
  async trigger({ stream: name, key, caller, body }: Trigger): Promise<Run> {
    const stream = this.stream(name)
    if (key === undefined || !/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw problem('idempotency_key_required', { detail: 'Send the header "Idempotency-Key" with 1 to 200 printable characters of your choice, the same again when you repeat the request.' })
    }
    const { runs, limit } = this.#options
    const fingerprint = hash('sha256', JSON.stringify([stream.name, stream.version, body]))
    const known = await runs.findKey(caller, key)
    if (!known) limit.take(caller)
    const id = randomUUID()
    const entry = known ?? (await runs.claim({ caller, key, fingerprint, runId: id }))
    if (entry.fingerprint !== fingerprint) {
      throw problem('idempotency_key_used', { detail: 'This Idempotency-Key was sent before with another stream or body. Send a new key for a new request.' })
    }
    if (entry.runId === id) runEntered({ run: id, stream: stream.name })
    return (await this.#find(entry.runId)) ?? (await this.#enter(entry.runId, stream))
  }

  /** The run as it stands, or the problem 404. */
  async run(id: string): Promise<Run> {
    const run = await this.#find(id)
    if (!run) throw problem('run_unknown', { detail: 'There is no run of that id, or it ended more than 30 days ago.' })
    return run
  }

  async #find(id: string): Promise<Run | null> {
    const { runs, workers, catalogue } = this.#options
    const run = await runs.find(id)
    if (!run || hasEnded(run)) return run
    if (!catalogue.find(run.stream, run.version)) return await this.#abandon(run)
    return workers.get({ name: run.stream, version: run.version })?.runInHand(id) ?? run
  }

  async #enter(id: string, stream: StreamDeclaration): Promise<Run> {
    const { runs, workers, clock } = this.#options
    const run: Run = { id, stream: stream.name, version: stream.version, state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt: clock.now() }
    await runs.create(run)
    workers.get(stream)?.refresh()
    return run
  }

  /** Nobody will ever do it. */
  async #abandon(run: Run): Promise<Run> {
    const abandoned: Run = { ...run, state: 'abandoned', error: { code: 'stream_withdrawn', message: `The stream ${run.stream}.v${run.version} is not in the catalogue any more.` } }
    await this.#options.runs.save(abandoned)
    runEnded({ run: run.id, stream: run.stream, state: 'abandoned' })
    return abandoned
  }
}
