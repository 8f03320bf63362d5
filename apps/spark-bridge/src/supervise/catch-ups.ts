import type { Offsets } from '@millrace/spark-connect'
import { hasCaughtUp, nextGoal, type CatchUp } from './catch-up.ts'
import type { QueryRun } from './query-run.ts'

interface Moment {
  readonly now: number
  /** Where the topic ends. */
  readonly ends: Offsets
  /** What ingestion says it has published. */
  readonly published: Offsets
  /** What the materializer has stored of a generation. */
  readonly stored: (generation: number) => Promise<Offsets>
}

/** How far the generations of a stream are that are built beside a served one. */
export class CatchUps {
  readonly #known = new Map<number, CatchUp>()

  /** Those of these runs that have caught up with the topic. */
  async done(building: readonly QueryRun[], { now, ends, published, stored }: Moment): Promise<Set<number>> {
    const done = new Set<number>()
    for (const { generation, committed, query } of building) {
      if (!query) continue
      const catchUp = nextGoal(this.#known.get(generation), { ends, committed, now })
      this.#known.set(generation, catchUp)
      if (catchUp.goal && hasCaughtUp({ now, goal: catchUp.goal, committed, stored: await stored(generation), published })) done.add(generation)
    }
    return done
  }

  /** Only these generations are asked for any more. */
  keep(generations: ReadonlySet<number>): void {
    for (const generation of this.#known.keys()) if (!generations.has(generation)) this.#known.delete(generation)
  }
}
