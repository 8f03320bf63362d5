import { currentOf, servedOf, type EventRange, type Generation, type GenerationsRead, type Replay, type ReplayRequest, type ServedGeneration } from '@millrace/cassandra'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { topicOf, type TopicContent } from '../recounts/topic-of.ts'
import { buildRange, declaredPlan, type ReplaySurroundings } from './build-range.ts'
import { chooseLate, together, type ChosenLate } from './choose-late.ts'
import { compareBuilt } from './compare-built.ts'
import { includedLate } from './included-late.ts'
import { earliestOf, iso, leastWindows, mostWindows } from './replay-range.ts'
import { ReplayError } from './replay.errors.ts'

/** What is known of a stream before something is built of it. */
export interface Situation extends GenerationsRead {
  readonly served: readonly ServedGeneration[]
  readonly current: Generation
  readonly finalUntil: number
  readonly topic: TopicContent
  /** From which window start on everything is there. */
  readonly earliest: number | null
}

const usualLimits = { windows: mostWindows, differences: 100 }

/**
 * One attempt at a replay or an inclusion, from its beginning: the replay as it stands afterwards, `ready` or `succeeded`.
 * `keep` writes what is known so far. What an attempt before has built is given up; what it has promoted is found so.
 */
export async function attemptReplay(replay: Replay, stream: StreamDeclaration, around: ReplaySurroundings, keep: (replay: Replay) => Promise<void>): Promise<Replay> {
  const read = await around.generations.read(stream)
  const before = read.generations.find(({ generation }) => generation === replay.generation)
  if (before?.state === 'served' || before?.promotedAt !== undefined) return { ...replay, state: 'succeeded', endedAt: around.clock.now() }
  if (before?.state === 'building') await around.generations.retire(stream, before.generation)

  const now = await situationOf(stream, read, around)
  const selected = replay.kind === 'include' ? await selectLate(replay, stream, now, around) : null
  const range = selected ? selected.range : { from: replay.from ?? 0, to: replay.to ?? 0 }
  const late = selected?.figures ?? replay.late
  if (range === null) return { ...replay, late, generation: null, from: null, to: null, state: 'succeeded', endedAt: around.clock.now() }
  checkRange(stream, range, now)

  const included = await includedLate(stream, range, { ...now, inclusions: around.inclusions })
  let kept: Replay = { ...replay, ...range, late, offsets: now.topic.ends, against: countingIn(now.served, range) }
  const { generation } = await buildRange(stream, { kind: replay.kind, range, topic: now.topic, included: [...included.values()], chosen: selected?.chosen ?? [] }, around, async (begun) => {
    kept = { ...kept, generation: begun.generation }
    await keep(kept)
  })
  const { windows, differences } = around.limits ?? usualLimits
  const comparison = await compareBuilt({ stream, range, built: generation, served: now.served, tables: around.tables, mostDifferences: differences })
  if (comparison.figures.windows > windows) throw new ReplayError('replay_too_large', `building ${iso(range.from)} to ${iso(range.to)} of ${streamLabel(stream)}: it has ${comparison.figures.windows} windows, more than ${windows}. Ask for a shorter range.`)
  kept = { ...kept, ...comparison, state: 'ready' }
  if (replay.kind === 'replay' || replay.asked.isDryRun) return kept
  // Nothing else may have been promoted since: it may count other late events, or have another plan.
  await around.generations.promote(stream, generation, { revision: now.revision })
  return { ...kept, state: 'succeeded', endedAt: around.clock.now() }
}

/** Throws what passes by itself while the stream has nothing that a range could be built beside. */
export async function situationOf(stream: StreamDeclaration, { generations, revision }: GenerationsRead, around: ReplaySurroundings): Promise<Situation> {
  const served = servedOf(generations)
  const current = generations.find(({ generation }) => generation === currentOf(served)?.generation)
  const finalUntil = current ? (await around.stored.read(stream, current.generation))?.finalUntil : undefined
  if (!current || finalUntil === undefined) throw new ReplayError('replay_range_not_final', `building a range of ${streamLabel(stream)}: no window of it is final yet. It is tried again.`)
  if (current.planHash !== declaredPlan(stream)) throw new ReplayError('replay_plan_pending', `building a range of ${streamLabel(stream)}: it is declared as plan ${declaredPlan(stream)}, and generation ${current.generation} is served with ${current.planHash}. It is tried again.`)
  const topic = await topicOf(stream, around)
  const floor = highest(topic.floor, current.floor)
  return { generations, revision, served, current, finalUntil, topic, earliest: earliestOf(stream, floor, around.clock.now()) }
}

async function selectLate({ asked }: Replay, stream: StreamDeclaration, { generations, served, finalUntil, earliest }: Situation, { inclusions }: ReplaySurroundings): Promise<ChosenLate> {
  const range = lateRange(stream, asked, finalUntil)
  const included = await includedLate(stream, range, { generations, inclusions })
  const found = await chooseLate(inclusions.late(stream, range), { stream, ids: asked.ids && new Set(asked.ids), included: new Set(included.keys()), finalUntil, earliest })
  return { ...found, range: found.range && widened(found.range, served, earliest) }
}

/** Readers look through the served ranges for every window. From so many on, the next one takes the place of all of them. */
const mostRanges = 16

/** The range, or where there are too many served ones, the one from the first to the last of them. */
function widened(range: EventRange, served: readonly ServedGeneration[], earliest: number | null): EventRange {
  const others = served.flatMap((one) => (one.range && one.range.from >= (earliest ?? -Infinity) ? [one.range] : []))
  return others.length < mostRanges ? range : others.reduce((all, other) => together(all, other), range)
}

/** Where late events are looked for: as asked; else as far back as anything is kept, up to `end`. */
export const lateRange = ({ retentionMs }: Pick<StreamDeclaration, 'retentionMs'>, { from, to }: Pick<ReplayRequest, 'from' | 'to'>, end: number): EventRange =>
  ({ from: from ?? Math.min(to ?? end, end) - retentionMs, to: Math.min(to ?? end, end) })

function checkRange(stream: StreamDeclaration, range: EventRange, { earliest, finalUntil }: Situation): void {
  const label = `building ${iso(range.from)} to ${iso(range.to)} of ${streamLabel(stream)}`
  if (earliest !== null && range.from < earliest) throw new ReplayError('replay_range_expired', `${label}: the topic has all events only from ${iso(earliest)} on. Ask for a later range.`)
  if (range.to > finalUntil) throw new ReplayError('replay_range_not_final', `${label}: the served generation is final up to ${iso(finalUntil)}. It is tried again.`)
  if (leastWindows(stream, range) > mostWindows) throw new ReplayError('replay_too_large', `${label}: it has at least ${leastWindows(stream, range)} windows, more than ${mostWindows}. Ask for a shorter range.`)
}

/** The served generations whose rows readers get in a range, newest first. */
export const countingIn = (served: readonly ServedGeneration[], { from, to }: EventRange): number[] =>
  served.filter(({ range }) => range === undefined || (range.from < to && range.to > from)).map(({ generation }) => generation)

const highest = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : Math.max(one, other))
