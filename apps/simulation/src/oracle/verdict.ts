import { EventCountReader, GenerationStore, ProgressStore, StreamStatusReader } from '@millrace/cassandra'
import { judgeBucket, type LedgerBucket } from '@millrace/rest'
import { doesBalance, ledgerBucketMs, ledgerView } from '@millrace/stream-kit'
import type { World } from '../world.ts'
import { storedRow } from './stored-rows.ts'
import { rowText } from './watch.ts'

/** Everything that is not as promised; empty when the world has settled and nothing is lost or double. */
export async function verdict(world: World): Promise<string[]> {
  const problems: string[] = []
  problems.push(...records(world), ...runs(world))
  if (problems.length > 0) return problems
  const session = world.database.calmSession()
  const status = await new StreamStatusReader(session).read(world.stream)
  if (status?.pending != null) problems.push(`page ${status.pending} is still pending`)
  if (status?.totals.published !== world.watch.truth.published.size) problems.push(`the books have published ${status?.totals.published ?? 0}, on the topic are ${world.watch.truth.published.size}`)
  if (status?.totals.late !== world.watch.truth.late.size) problems.push(`the books have late ${status?.totals.late ?? 0}, on the topic are ${world.watch.truth.late.size}`)
  const served = await new GenerationStore(session).served(world.stream)
  const [generation] = served
  if (!generation) return [...problems, 'no generation is served']
  problems.push(...windows(world, generation.generation))
  return problems.length > 0 ? problems : await ledger(world)
}

/** For every record that the source has returned: counted once, or kept with a reason. */
function records({ watch: { truth }, database: { node } }: World): string[] {
  const problems: string[] = []
  const dead = new Set([...truth.dead].map((text) => (JSON.parse(text) as { id: string }).id))
  for (const id of truth.returned) if (!truth.published.has(id) && !truth.late.has(id) && !dead.has(id)) problems.push(`${id} was returned by the source and is nowhere`)
  for (const text of truth.broken) if (!truth.dead.has(text)) problems.push(`${text} was returned by the source and is in no dead letter`)
  const late = node.keysIn('late_events').length
  if (late !== truth.late.size) problems.push(`${truth.late.size} events are on the late topic, ${late} in the late store`)
  const letters = new Set(node.keysIn('dead_letters').map(([stream, version, day, topic, partition, offset]) => String(node.look('dead_letters', [stream ?? '', version ?? 0, day ?? ''], [topic ?? '', partition ?? 0, offset ?? 0])?.['value'])))
  for (const text of truth.dead) if (!letters.has(text)) problems.push(`${text} is on the dead-letter topic and not in the store`)
  return problems
}

/** One run a key, and each of them has ended. */
function runs({ keys, database: { node } }: World): string[] {
  const found = node.keysIn('runs').map(([id]) => [String(id), String(node.look('runs', [id ?? ''], [])?.['state'])] as const)
  const problems = found.filter(([, state]) => state === 'queued' || state === 'running').map(([id, state]) => `${id} is ${state} for ever`)
  const answered = new Set([...keys.values()].flatMap((ids) => [...ids]))
  for (const [key, ids] of keys) if (ids.size > 1) problems.push(`key ${key} stands for ${[...ids].join(' and ')}`)
  for (const id of answered) if (!found.some(([other]) => other === id)) problems.push(`${id} was answered and does not exist`)
  return problems
}

function windows({ watch: { truth }, database: { node }, stream }: World, generation: number): string[] {
  const problems: string[] = []
  for (const window of truth.windows.values()) {
    const row = storedRow(node, stream, window, generation)
    if (row !== rowText(window)) problems.push(`${window.view} ${window.group.join()} ${new Date(window.start).toISOString().slice(0, 16)} is "${String(row)}", must be "${rowText(window)}"`)
  }
  return problems
}

/** The equations of delivery.md, by the code that serves them. */
async function ledger({ database, stream }: World): Promise<string[]> {
  const session = database.calmSession()
  const served = await new GenerationStore(session).served(stream)
  const progress = await new ProgressStore(session).read(stream, served[0]?.generation ?? 0)
  const books = await new StreamStatusReader(session).books(stream)
  const hours = books.flatMap(({ hour }) => hour ?? [])
  const span = { from: Math.min(...hours), to: Math.max(...hours) + ledgerBucketMs }
  const sums = new Map<string, Awaited<ReturnType<EventCountReader['byHour']>>['hours']>()
  for (const view of stream.views) if (doesBalance(view)) sums.set(view.name, (await new EventCountReader(session, stream, view).byHour({ ...span, served })).hours)
  const problems: string[] = []
  let balanced = 0
  for (const { hour, ...counts } of books) {
    const events = (view: string): number | null => (hour === null ? null : (sums.get(view)?.get(hour)?.events ?? null))
    const views = Object.fromEntries([...sums.keys()].filter((view) => view !== ledgerView).map((view) => [view, events(view) ?? 0]))
    const bucket: LedgerBucket = { start: hour, counts, included: 0, aggregated: events(ledgerView), views, isAged: false }
    const { state, differences } = judgeBucket(bucket, { finalUntil: progress?.finalUntil ?? null, horizon: -Infinity })
    if (state === 'balanced') balanced += 1
    for (const { equation, left, right } of differences) problems.push(`bucket ${hour === null ? 'none' : new Date(hour).toISOString().slice(0, 13)}: ${equation}, but ${left} ≠ ${right}`)
  }
  // The closing event's hour, and that of the watermark behind it, stay open.
  if (problems.length === 0 && balanced < books.length - 2) problems.push(`only ${balanced} of ${books.length} buckets are closed: final until ${progress ? new Date(progress.finalUntil).toISOString() : 'never'}`)
  return problems
}
