import type { EventRange, Generation, GenerationsRead, Inclusion } from '@millrace/cassandra'
import { hasPassed } from '@millrace/service'
import { ledgerBucketMs, MillraceError, streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { topicOf } from '../recounts/topic-of.ts'
import { carryPostponed, lateCarried } from '../spark-bridge.signals.ts'
import { buildRange, type ReplaySurroundings } from './build-range.ts'
import { together, touchedBy } from './choose-late.ts'
import { includedLate } from './included-late.ts'
import { ReplayError } from './replay.errors.ts'

/** Promotes generations of all windows. */
export interface Promotions {
  /** True when it is served; false while something has to be built for it first: ask again. */
  promote(stream: StreamDeclaration, generation: number): Promise<boolean>
}

/** After a failure, before it is tried again. */
const pauseMs = 30_000

/**
 * A generation that was built from the topic lacks the late events that were included since. So before it is promoted the
 * windows that count one are built anew beside it, by its own plan and with these events; all of them are promoted in one
 * step. Nothing else may be promoted meanwhile, or it is done again: it may have included more.
 */
export class CarryingPromotions implements Promotions {
  readonly #carrying = new Set<string>()
  /** When carrying into a stream's generation failed last. */
  readonly #failedAt = new Map<string, number>()

  constructor(private readonly around: ReplaySurroundings) {}

  async promote(stream: StreamDeclaration, generation: number): Promise<boolean> {
    const label = streamLabel(stream)
    if (this.#carrying.has(label) || !hasPassed(pauseMs, { since: this.#failedAt.get(label) ?? -Infinity, now: this.around.clock.now() })) return false
    const read = await this.around.generations.read(stream)
    const target = read.generations.find((one) => one.generation === generation)
    const span = includedSpan(read.generations)
    const included = span === null || !target ? [] : [...(await includedLate(stream, span, { ...read, inclusions: this.around.inclusions })).values()]
    const ranges = rangesOf(stream, included, target?.floor ?? null)
    if (!target || target.state === 'served' || ranges.length === 0) {
      await this.around.generations.promote(stream, generation, { revision: read.revision })
      return true
    }
    this.#carrying.add(label)
    // Not awaited: the rounds go on meanwhile, and look again.
    void this.#carry(stream, target, { read, included, ranges }).finally(() => this.#carrying.delete(label))
    return false
  }

  async #carry(stream: StreamDeclaration, target: Generation, { read, included, ranges }: { read: GenerationsRead; included: readonly Inclusion[]; ranges: readonly EventRange[] }): Promise<void> {
    const { generations, clock } = this.around
    const built: number[] = []
    try {
      const topic = await topicOf(stream, this.around)
      if ((topic.floor ?? -Infinity) > (target.floor ?? -Infinity)) throw new ReplayError('replay_range_expired', `carrying late events into generation ${target.generation} of ${streamLabel(stream)}: the topic has lost events since its floor was set.`)
      for (const range of ranges) {
        const here = included.filter(({ eventTime }) => eventTime >= range.from && eventTime < range.to)
        await buildRange(stream, { kind: 'carry', range, topic, included: here }, this.around, ({ generation }) => { built.push(generation); return Promise.resolve() })
      }
      await generations.promote(stream, target.generation, { together: built, revision: read.revision })
      lateCarried({ stream: streamLabel(stream), generation: target.generation, count: included.length, ranges: built.join(', ') })
    } catch (error) {
      if (this.around.signal?.aborted) return
      if (!(error instanceof MillraceError)) throw error
      this.#failedAt.set(streamLabel(stream), clock.now())
      carryPostponed({ stream: streamLabel(stream), generation: target.generation, code: error.code, error })
      await this.#giveUp(stream, built)
    }
  }

  /** What cannot be given up now is by the next bridge. */
  async #giveUp(stream: StreamDeclaration, built: readonly number[]): Promise<void> {
    try {
      const states = new Map((await this.around.generations.read(stream)).generations.map(({ generation, state }) => [generation, state]))
      for (const generation of built) if (states.get(generation) === 'building') await this.around.generations.retire(stream, generation)
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error
    }
  }
}

/** From the first to the last hour of which a generation that was ever served has counted late events; null where none has. */
export function includedSpan(generations: readonly Pick<Generation, 'promotedAt' | 'included'>[]): EventRange | null {
  const hours = generations.flatMap(({ promotedAt, included = {} }) => (promotedAt === undefined ? [] : Object.keys(included).map(Number)))
  return hours.length === 0 ? null : { from: Math.min(...hours), to: Math.max(...hours) + ledgerBucketMs }
}

/** The ranges of the windows from a floor on that count one of the events, those that touch each other as one. */
export function rangesOf(stream: StreamDeclaration, events: readonly { readonly eventTime: number }[], floor: number | null): EventRange[] {
  const touched = events.map(({ eventTime }) => touchedBy(stream, eventTime))
    .map(({ from, to }) => ({ from: Math.max(from, floor ?? from), to })).filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
  const ranges: EventRange[] = []
  for (const range of touched) {
    const last = ranges.at(-1)
    if (last && range.from <= last.to) ranges[ranges.length - 1] = together(last, range)
    else ranges.push(range)
  }
  while (ranges.length > mostRanges) joinNearest(ranges)
  return ranges
}

/** Readers look through the served ranges for every window. */
const mostRanges = 16

function joinNearest(ranges: EventRange[]): void {
  const gaps = ranges.slice(1).map(({ from }, index) => from - (ranges[index]?.to ?? from))
  const at = gaps.indexOf(Math.min(...gaps))
  const [one, other] = ranges.slice(at, at + 2)
  if (one && other) ranges.splice(at, 2, together(one, other))
}
