import { randomUUID } from 'node:crypto'
import { hasEnded, noCounts, nothingRestored, type RestoreReport, type Run, type RunRange, type RunStore, type StreamStore } from '@millrace/cassandra'
import { claimRequest, serviceProblem, systemClock, type ClaimedRequest, type Clock, type RateLimit, type RequestKeys } from '@millrace/service'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../ingestion.problems.ts'
import { runEnded, runEntered } from '../ingestion.signals.ts'
import type { StreamWorker } from '../pipeline/stream-worker.ts'
import { redriveAsked, type RedriveBody } from '../redrive/redrive-asked.ts'
import { instantOf } from './instant.decorators.ts'
import { runKeys } from './run-keys.ts'
import { checkRange } from './run-range.ts'
import { kindOf } from './run-resource.ts'

export interface RunDeskOptions {
  readonly catalogue: Catalogue
  readonly runs: RunStore
  readonly streams: Pick<StreamStore, 'read'>
  readonly workers: { get(stream: Pick<StreamDeclaration, 'name' | 'version'>): Pick<StreamWorker, 'refresh' | 'runInHand'> | undefined }
  /** New runs a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
  readonly clock?: Clock
  /** Makes the ids of runs. */
  readonly newId?: () => string
}

/** As `TriggerRunDto` has checked it. */
export interface TriggerBody {
  readonly reason?: string
  readonly from?: string
  readonly to?: string
}

export interface Trigger {
  readonly stream: string
  readonly key: string | undefined
  readonly caller: string
  readonly body: TriggerBody
}

/** Enters triggered runs, each idempotency key once, and tells how they stand. */
export class RunDesk {
  readonly #options: Required<RunDeskOptions>
  readonly #keys: RequestKeys
  /** What is being answered now. */
  readonly #inHand = new Map<string, Promise<Run>>()

  constructor(options: RunDeskOptions) {
    this.#options = { clock: systemClock, newId: randomUUID, ...options }
    this.#keys = runKeys(this.#options.runs)
  }

  /** The newest version of the stream of that name, or the problem 404. */
  stream(name: string): StreamDeclaration {
    const { catalogue } = this.#options
    const stream = catalogue.find(name)
    if (!stream) throw serviceProblem('stream_unknown', { detail: `There is no stream '${name.slice(0, 64)}'. There are: ${catalogue.streams.map((known) => known.name).join(', ')}.` })
    return stream
  }

  /** The run that this key stands for, entered now or before. Those who send one key at the same time get one answer. */
  async trigger({ stream: name, key, caller, body }: Trigger): Promise<Run> {
    const stream = this.stream(name)
    const range = rangeOf(body)
    const asked = [stream.name, stream.version, { ...(body.reason !== undefined && { reason: body.reason }), ...range }]
    return await this.#once({ caller, key, asked }, stream, { range })
  }

  /** The redrive of dead letters that this key stands for. */
  async redrive({ stream: name, key, caller, body }: Omit<Trigger, 'body'> & { readonly body: RedriveBody }): Promise<Run> {
    return await this.#once({ caller, key, asked: ['redrive', name, body] }, this.stream(name), { range: null, redrive: body })
  }

  /** The restore of a stream's topic that this key stands for. */
  async restore({ stream: name, key, caller, body }: Omit<Trigger, 'body'> & { readonly body: Pick<TriggerBody, 'reason'> }): Promise<Run> {
    return await this.#once({ caller, key, asked: ['restore', name, body] }, this.stream(name), { range: null, restore: nothingRestored })
  }

  async #once(ask: Ask, stream: StreamDeclaration, work: Work): Promise<Run> {
    const { caller, key, asked } = ask
    const together = JSON.stringify([caller, key ?? null, asked])
    const inHand = this.#inHand.get(together) ?? this.#trigger(stream, ask, work).finally(() => this.#inHand.delete(together))
    this.#inHand.set(together, inHand)
    return await inHand
  }

  /** The run as it stands, or the problem 404. */
  async run(id: string): Promise<Run> {
    const run = await this.#find(id)
    if (!run) throw problem('run_unknown', { detail: 'There is no run of that id, or it ended so long ago that maintenance has removed its record.' })
    return run
  }

  async #find(id: string): Promise<Run | null> {
    const { runs, workers, catalogue } = this.#options
    const run = await runs.find(id)
    if (!run || hasEnded(run)) return run
    if (!catalogue.find(run.stream, run.version)) return await this.#abandon(run)
    return workers.get({ name: run.stream, version: run.version })?.runInHand(id) ?? run
  }

  async #trigger(stream: StreamDeclaration, ask: Ask, work: Work): Promise<Run> {
    const { streams, clock, limit, newId } = this.#options
    const { isNew, ...claimed } = await claimRequest({
      keys: this.#keys, limit, clock, newId, ...ask,
      admit: async () => {
        if (work.range) checkRange(stream, { range: work.range, watermark: (await streams.read(stream)).watermark, now: clock.now() })
      },
    })
    if (isNew) runEntered({ run: claimed.id, stream: stream.name, kind: kindOf(work) })
    return (await this.#find(claimed.id)) ?? (await this.#enter(claimed, stream, work))
  }

  /** Everybody who enters a claimed run enters the same: the time is the claim's. */
  async #enter({ id, createdAt }: Pick<ClaimedRequest, 'id' | 'createdAt'>, stream: StreamDeclaration, { range, redrive, restore }: Work): Promise<Run> {
    const { runs, workers } = this.#options
    const run: Run = { id, stream: stream.name, version: stream.version, range, ...(redrive && { redrive: redriveAsked(stream, redrive, createdAt) }), ...(restore && { restore }), state: 'queued', counts: noCounts, offsets: {}, error: null, createdAt }
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

type Ask = Pick<Trigger, 'caller' | 'key'> & { readonly asked: unknown }

/** What a run is to do: with neither it goes on at the cursor. */
interface Work {
  readonly range: RunRange | null
  readonly redrive?: RedriveBody
  readonly restore?: RestoreReport
}

const rangeOf = ({ from, to }: TriggerBody): RunRange | null => {
  const [first, last] = [instantOf(from), instantOf(to)]
  return first === null || last === null ? null : { from: first, to: last }
}
