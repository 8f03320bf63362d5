import { generationAt } from '@millrace/cassandra'
import type { ReadGeneration } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { ledgerBucketMs, streamLabel, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { ForAWhile } from './for-a-while.ts'
import type { HourEvents, LedgerStore } from './ledger-store.ts'

interface Hour {
  readonly stream: StreamDeclaration
  /** Newest first. */
  readonly generations: readonly ReadGeneration[]
  /** Its first instant. */
  readonly start: number
}

const keepMs = 60_000
/** How far back a view is looked for in an older generation. */
const mostBackMs = 7 * 86_400_000

/** What the ledger must know of the generations whose rows it adds up. */
export class GenerationFacts {
  readonly #known: ForAWhile<boolean>
  readonly #made: ForAWhile<number>

  constructor(private readonly store: Pick<LedgerStore, 'has' | 'madeAt'>, private readonly clock: Pick<Clock, 'now'>) {
    this.#known = new ForAWhile(keepMs, clock)
    this.#made = new ForAWhile(keepMs, clock)
  }

  /**
   * Whether every generation whose rows count in the hour has the view. The newest has all that are declared; below its
   * floor an older one counts, which may have been made before the view was. A range has the views of the one that it lies in.
   */
  async knows({ stream, generations, start, view, horizon }: Hour & { readonly view: ViewDeclaration; readonly horizon: number }): Promise<boolean> {
    const floors = generations.flatMap(({ floor }) => (floor !== null && floor > start && floor < start + ledgerBucketMs ? [floor] : []))
    const wholes = generations.filter(({ range }) => range === undefined)
    const counting = new Set([start, ...floors].map((at) => generationAt(wholes, { start: at, end: start + ledgerBucketMs })))
    for (const [index, { generation }] of wholes.entries()) {
      const end = wholes[index - 1]?.floor ?? null
      if (end === null || !counting.has(generation)) continue
      const range = { from: Math.max(horizon, end - mostBackMs), to: end }
      if (!(await this.#known.get(`${streamLabel(stream)} ${view.name} g${generation}`, () => this.store.has({ stream, view, range }, generation)))) return false
    }
    return true
  }

  /**
   * Whether rows of the hour have reached the end of their life. They live for the retention from when they are written,
   * by the wall clock. A replay writes old hours now, so its event times do not tell when that is; its generation does:
   * no row of it is older. From then on an hour whose `_ledger` row, the last of the hour to be written, is gone or soon
   * will be, has lost others, too.
   */
  async isAged({ stream, generations, start, row }: Hour & { readonly row: HourEvents | undefined }): Promise<boolean> {
    const generation = generationAt(generations, { start, end: start + ledgerBucketMs })
    if (!stream.trustSourceClock || generation === undefined) return false
    const marginMs = Math.min(stream.retentionMs / 2, ledgerBucketMs + stream.latenessMs + stream.slackMs)
    if (row && row.ttlMs >= marginMs) return false
    const madeAt = await this.#made.get(`${streamLabel(stream)} g${generation}`, () => this.store.madeAt(stream, generation))
    return this.clock.now() - madeAt >= stream.retentionMs - marginMs
  }
}
