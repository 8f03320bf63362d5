import type { Cell } from '@millrace/cassandra'
import type { ReadRecord } from '@millrace/kafka'
import type { SourceItem } from '../stream.ts'
import type { World } from '../world.ts'
import { storedRow } from './stored-rows.ts'
import { Truth, type TrueWindow } from './truth.ts'

const counts = ['fetched', 'fresh', 'repeated', 'rejected', 'published', 'late'] as const
/** What never goes back; then where the pages of the source are. */
const growing = ['epoch', 'seq', 'watermark', 'highest', ...counts.map((name) => `total_${name}`)]
const streamColumns = [...growing, 'cursor']
const firstTotal = growing.length - counts.length
const nothing: readonly Cell[] = []

const number = (cells: readonly Cell[] | null, at: number): number => Number(cells?.[at] ?? 0)

/** Looks at the world after every change that lasts, and says what must never be. */
export class Watch {
  readonly truth: Truth
  readonly #world: World
  #stream: readonly Cell[] = nothing
  #cursor = 0
  readonly #finalUntil = new Map<number, number>()
  /** Rows that were final, and what they were then: by generation and window. */
  readonly #final = new Map<string, { readonly window: TrueWindow; readonly generation: number; readonly row: string }>()
  readonly #returned = new Set<SourceItem>()
  /** Those of them that were on no topic when it was last asked: what is on one stays there. */
  readonly #unkept = new Set<SourceItem>()
  readonly #states = new Map<number, string>()

  constructor(world: World) {
    this.#world = world
    this.truth = new Truth(world.stream, (what) => { world.violated(what) })
  }

  returned(items: readonly SourceItem[]): void {
    for (const item of items) {
      if (this.#returned.has(item)) continue
      this.#returned.add(item)
      this.#unkept.add(item)
      this.truth.sourceReturned(item)
    }
  }

  appended(topic: string, record: ReadRecord): void {
    this.truth.appended(topic, record)
  }

  dropped(id: string, generation: number, isCounted: boolean): void {
    this.#world.faults.count('spark: drops what it has counted')
    if (!isCounted) this.#world.violated(`Spark drops ${id}, which generation ${generation} has never counted`)
  }

  /** After a write or a transaction. */
  stored(action: string): void {
    if (/^(moving|marking|taking|renewing|pausing|resuming)/.test(action)) this.#streamChanged()
    else if (action.startsWith('writing the progress')) this.#progressChanged()
    else if (action.includes(' generation ')) this.#generationsChanged()
  }

  /** What was final has stayed so. */
  finalRows(): void {
    for (const { window, generation, row } of this.#final.values()) {
      const now = storedRow(this.#world.database.node, this.#world.stream, window, generation)
      if (now !== row) this.#world.violated(`the final row of ${named(window)} of generation ${generation} was "${row}" and is "${String(now)}"`)
    }
  }

  #streamChanged(): void {
    const { database: { node }, stream } = this.#world
    const now = node.cells('streams', { partition: [stream.name, stream.version], clustering: null }, streamColumns) ?? nothing
    const before = this.#stream
    this.#stream = now
    for (const [at, column] of growing.entries()) {
      if (before[at] !== null && number(now, at) < number(before, at)) this.#world.violated(`${column} goes back from ${String(before[at])} to ${String(now[at])}`)
    }
    const totals = counts.map((_, at) => number(now, firstTotal + at))
    const [fetched = 0, fresh = 0, repeated = 0, rejected = 0, published = 0, late = 0] = totals
    if (fetched !== fresh + repeated + rejected || fresh !== published + late) this.#world.violated(`the books do not add up: ${counts.map((name, at) => `${name} ${totals[at] ?? 0}`).join(', ')}`)
    if (number(now, growing.indexOf('seq')) !== number(before, growing.indexOf('seq'))) this.#moved(totals, now.at(-1) ?? null)
  }

  #moved(totals: readonly number[], written: Cell): void {
    const { database: { node }, stream } = this.#world
    const sums = counts.map(() => 0)
    for (const [, , bucket] of node.keysIn('streams')) {
      const book = node.cells('streams', { partition: [stream.name, stream.version], clustering: [bucket ?? ''] }, counts)
      for (let at = 0; at < sums.length; at += 1) sums[at] = (sums[at] ?? 0) + number(book, at)
    }
    for (const [at, name] of counts.entries()) if (sums[at] !== totals[at]) this.#world.violated(`the books have ${name} ${sums[at] ?? 0}, their total says ${totals[at] ?? 0}`)
    const { cursor } = JSON.parse(String(written ?? '{"cursor":{"seq":0}}')) as { cursor: { seq: number } }
    if (cursor.seq < this.#cursor) this.#world.violated(`the cursor goes back from ${this.#cursor} to ${cursor.seq}`)
    if (cursor.seq === this.#cursor) return
    this.#cursor = cursor.seq
    // Gaps are filled behind the cursor's back: nobody may have read those when it moved.
    for (const item of this.#unkept) {
      if (item.seq > cursor.seq) continue
      if (item.seq % 10 === 0 && !this.truth.isKept(item)) {
        this.#world.violated(`the cursor is at ${cursor.seq}, and ${JSON.stringify(item)} is on no topic`)
        return
      }
      this.#unkept.delete(item)
    }
  }

  #progressChanged(): void {
    const { database: { node }, stream } = this.#world
    const reached = new Map<number, number[]>()
    for (const [name, version, generation, partition] of node.keysIn('progress')) {
      const row = node.cells('progress', { partition: [name ?? '', version ?? 0], clustering: [generation ?? 0, partition ?? 0] }, ['final_until'])
      reached.set(Number(generation), [...(reached.get(Number(generation)) ?? []), number(row, 0)])
    }
    for (const [generation, all] of reached) {
      const before = this.#finalUntil.get(generation) ?? -Infinity
      const now = all.length < stream.partitions ? before : Math.min(...all)
      if (now < before) this.#world.violated(`finalUntil of generation ${generation} goes back from ${before} to ${now}`)
      if (now <= before) continue
      this.#finalUntil.set(generation, now)
      this.#becameFinal(generation, before, now)
    }
  }

  #becameFinal(generation: number, after: number, until: number): void {
    for (const [key, window] of this.truth.windows) {
      if (window.end <= after || window.end > until) continue
      const row = storedRow(this.#world.database.node, this.#world.stream, window, generation)
      const expected = rowText(window)
      if (row !== expected) this.#world.violated(`the markers of generation ${generation} claim ${named(window)}, which is "${String(row)}" and must be "${expected}"`)
      this.#final.set(`${generation} ${key}`, { window: { ...window }, generation, row: expected })
    }
  }

  #generationsChanged(): void {
    const { database: { node } } = this.#world
    let served = 0
    for (const [name, version, generation] of node.keysIn('generations')) {
      const state = String(node.cells('generations', { partition: [name ?? '', version ?? 0], clustering: [generation ?? 0] }, ['state'])?.[0])
      const before = this.#states.get(Number(generation))
      if (before === 'retired' && state !== 'retired') this.#world.violated(`generation ${String(generation)} was retired and is ${state}`)
      if (before === 'served' && state === 'building') this.#world.violated(`generation ${String(generation)} was served and is being built`)
      if (before !== 'served' && state === 'served') this.#promoted(Number(generation))
      this.#states.set(Number(generation), state)
      if (state === 'served') served += 1
    }
    if (served > 1) this.#world.violated(`${served} generations are served, though none has a floor`)
  }

  /** Whoever read final rows before reads the same ones now. */
  #promoted(generation: number): void {
    for (const { window, generation: older, row } of this.#final.values()) {
      if (this.#states.get(older) !== 'served') continue
      const now = storedRow(this.#world.database.node, this.#world.stream, window, generation)
      if (now !== row) this.#world.violated(`generation ${generation} is promoted, and its ${named(window)} is "${String(now)}" where readers had "${row}"`)
    }
    this.#world.faults.count('bridge: a generation is promoted')
  }
}

export const rowText = ({ view, events, birds }: TrueWindow): string => `${events} ${view === 'per-hour' ? birds : 0}`

const named = ({ view, group, start }: TrueWindow): string => `${view} ${group.join()} ${new Date(start).toISOString().slice(0, 16)}`
