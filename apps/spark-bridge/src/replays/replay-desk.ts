import { CassandraError, noFigures, noLate, type Generation, type Replay, type ReplayKind, type ReplayRequest, type ReplayStore } from '@millrace/cassandra'
import { claimRequest, serviceProblem, type RateLimit, type RequestKeys } from '@millrace/service'
import { streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { problem } from '../spark-bridge.problems.ts'
import { replayDiscarded, replayEntered } from '../spark-bridge.signals.ts'
import type { ReplaySurroundings } from './build-range.ts'
import { chooseLate } from './choose-late.ts'
import { includedLate } from './included-late.ts'
import type { ReplayQueue } from './replay-queue.ts'
import { checkReplayRange, iso } from './replay-range.ts'
import { countingIn, lateRange, situationOf, type Situation } from './replay-work.ts'
import { ReplayError } from './replay.errors.ts'
import { tellReplay } from './tell-replay.ts'

export interface ReplayDeskOptions {
  readonly catalogue: Catalogue
  readonly store: ReplayStore
  readonly keys: RequestKeys
  readonly around: ReplaySurroundings
  readonly queue: Pick<ReplayQueue, 'refresh'>
  /** New ones a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
}

export interface ReplayQuestionAsked {
  readonly kind: ReplayKind
  readonly stream: string
  readonly version?: number | undefined
  readonly asked: ReplayRequest
}

interface Asker {
  readonly key: string | undefined
  readonly caller: string
}

export interface ReplaysSwept {
  /** Their ids. */
  readonly discarded: readonly string[]
  readonly removed: number
}

const mostListed = 50
const hourMs = 3_600_000
const longestWaitMs = 24 * hourMs
const longestMs = 400 * 86_400_000

/** Enters replays and inclusions, each idempotency key once, tells how they stand, and promotes or discards them. */
export class ReplayDesk {
  constructor(private readonly options: ReplayDeskOptions) {}

  /** The replay that this key stands for, entered now or before. */
  async request({ kind, stream: name, version, asked }: ReplayQuestionAsked, { key, caller }: Asker): Promise<Replay> {
    const { keys, limit, store, queue, around: { clock } } = this.options
    const stream = this.stream(name, version)
    const fingerprint = [kind, name, version ?? null, asked.from, asked.to, asked.ids, asked.isDryRun]
    const { id, createdAt, isNew } = await claimRequest({ keys, limit, clock, caller, key, asked: fingerprint, admit: () => this.#admit(stream, kind, asked) })
    const found = isNew ? null : await store.find(id)
    if (found) return found
    const range = kind === 'replay' ? { from: asked.from, to: asked.to } : { from: null, to: null }
    const entered: Replay = {
      id, stream: stream.name, version: stream.version, kind, state: 'queued', asked, ...range, generation: null, against: [], offsets: {},
      figures: noFigures, differences: [], late: noLate, error: null, attempts: 0, createdAt, endedAt: null,
    }
    await store.create(entered)
    if (isNew) replayEntered({ replay: id, kind, stream: streamLabel(stream) })
    queue.refresh()
    // Who entered it first decides what it is about.
    return (await store.find(id)) ?? entered
  }

  /** The replay as it stands, or the problem 404. */
  async replay(id: string): Promise<Replay> {
    const replay = await this.options.store.find(id)
    if (!replay) throw problem('replay_unknown', { detail: 'There is no replay of that id, or it was entered more than 30 days ago.' })
    return replay
  }

  /** The newest ones of a stream. */
  async list(name: string, version?: number): Promise<Replay[]> {
    return await this.options.store.list(this.stream(name, version), mostListed)
  }

  /**
   * Makes what was built the rows that readers get, in one transaction, if they still have what it was compared with. Again
   * it changes nothing.
   */
  async promote(id: string): Promise<Replay> {
    const { store, around: { generations, clock } } = this.options
    const replay = await this.replay(id)
    if (replay.state === 'succeeded') return replay
    const stream = this.stream(replay.stream, replay.version)
    const read = await generations.read(stream)
    const built = read.generations.find(({ generation }) => generation === replay.generation)
    if (replay.state !== 'ready' || built === undefined) throw problem('replay_not_ready', { detail: `The replay is ${replay.state}. One that is ready can be promoted.` })
    if (built.state !== 'served') {
      if (!isStill(replay, built, read.generations)) throw outdated(replay)
      try {
        await generations.promote(stream, built.generation, { revision: read.revision })
      } catch (error) {
        if (error instanceof CassandraError && error.code === 'cassandra_generation_moved') throw outdated(replay)
        throw error
      }
    }
    const promoted: Replay = { ...replay, state: 'succeeded', endedAt: clock.now() }
    if (await store.save(promoted, ['ready'])) tellReplay(promoted)
    return await this.replay(id)
  }

  /** Gives up what waits to be built, or to be promoted. Again it changes nothing. */
  async discard(id: string, why = 'somebody said so'): Promise<Replay> {
    const { store, catalogue, around: { generations, clock } } = this.options
    const replay = await this.replay(id)
    if (replay.state === 'discarded') return replay
    if (replay.state !== 'ready' && replay.state !== 'queued') throw problem('replay_not_ready', { detail: `The replay is ${replay.state}. One that is queued or ready can be discarded.` })
    const stream = catalogue.find(replay.stream, replay.version)
    const built = stream && (await generations.read(stream)).generations.find(({ generation }) => generation === replay.generation)
    if (stream && built?.state === 'building') await generations.retire(stream, built.generation)
    if (built?.state === 'served') throw problem('replay_not_ready', { detail: 'The replay is being promoted.' })
    const discarded: Replay = { ...replay, state: 'discarded', endedAt: clock.now() }
    if (await store.save(discarded, [replay.state])) replayDiscarded({ replay: id, stream: replay.stream, why })
    return await this.replay(id)
  }

  /** Discards what has waited for a day: rows of a range that others are promoted around are soon worth nothing. */
  async sweep({ dryRun }: { readonly dryRun: boolean }): Promise<ReplaysSwept> {
    const { store, around: { clock } } = this.options
    const waiting = (await store.open()).filter(({ state, createdAt }) => state === 'ready' && createdAt < clock.now() - longestWaitMs)
    if (!dryRun) for (const { id } of waiting) await this.discard(id, 'nobody has promoted it within a day')
    return { discarded: waiting.map(({ id }) => id), removed: await store.sweep(clock.now() - hourMs, { dryRun }) }
  }

  stream(name: string, version: number | undefined): StreamDeclaration {
    const { catalogue } = this.options
    const stream = catalogue.find(name, version)
    if (!stream) throw serviceProblem('stream_unknown', { detail: `There is no such stream${version === undefined ? '' : ' in this version'}. There are: ${[...new Set(catalogue.streams.map((known) => known.name))].join(', ')}.` })
    return stream
  }

  async #admit(stream: StreamDeclaration, kind: ReplayKind, asked: ReplayRequest): Promise<void> {
    const now = await this.#situation(stream)
    if (kind === 'include') await this.#admitLate(stream, asked, now)
    else checkReplayRange({ stream, asked: { from: asked.from ?? 0, to: asked.to ?? 0 }, finalUntil: now.finalUntil, floor: now.earliest, now: this.options.around.clock.now() })
  }

  /** Whoever names events, or a range of them, shall know at once that some cannot be included yet; who asks for all gets those that can. */
  async #admitLate(stream: StreamDeclaration, asked: ReplayRequest, { finalUntil, earliest, generations }: Situation): Promise<void> {
    const { from, to, ids } = asked
    if (from !== null && to !== null && from >= to) throw problem('range_empty', { detail: `The range begins at ${iso(from)} and ends at ${iso(to)}. Let it begin before it ends.` })
    if (from === null && to === null && ids === null) return
    const { inclusions, ingestion } = this.options.around
    const range = lateRange(stream, asked, Math.max(finalUntil, (await ingestion.read(stream))?.watermark ?? finalUntil))
    if (range.to - range.from > longestMs) throw problem('range_too_long', { detail: `The range has more than ${longestMs / 86_400_000} days. Ask for a shorter one.` })
    const included = await includedLate(stream, range, { generations, inclusions })
    const { openUntil, figures, unknown } = await chooseLate(inclusions.late(stream, range), { stream, ids: ids && new Set(ids), included: new Set(included.keys()), finalUntil, earliest })
    if (unknown.length > 0) throw problem('late_unknown', { detail: `The late store has no ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''} from ${iso(range.from)} to ${iso(range.to)}.` })
    if (openUntil !== null) {
      throw problem('late_not_final', {
        detail: `${figures.open} of the late events count in windows that are not final yet. They can be included when windows are final up to ${iso(openUntil)}; now they are up to ${iso(finalUntil)}.`,
        members: { openUntil: iso(openUntil), finalUntil: iso(finalUntil) },
      })
    }
  }

  /** What would pass for work that waits is said at once to who asks for it. */
  async #situation(stream: StreamDeclaration): Promise<Situation> {
    try {
      return await situationOf(stream, await this.options.around.generations.read(stream), this.options.around)
    } catch (error) {
      if (error instanceof ReplayError && error.code === 'replay_range_not_final') throw problem('nothing_final', { detail: 'No window of the stream is final yet: a window is when events have come that are later than its end by the lateness.' })
      if (error instanceof ReplayError && error.code === 'replay_plan_pending') throw problem('plan_pending', { detail: error.message })
      throw error
    }
  }
}

/** Whether readers still have in the range what the replay was compared with. */
const isStill = ({ against }: Replay, { range }: Generation, generations: readonly Generation[]): boolean =>
  range !== undefined && JSON.stringify(countingIn(generations.filter(({ state }) => state === 'served').sort((a, b) => b.generation - a.generation), range)) === JSON.stringify(against)

const outdated = ({ id }: Replay) => problem('replay_outdated', { detail: `Readers get other rows in the range than those that replay ${id} was compared with. Discard it and ask for another.` })
