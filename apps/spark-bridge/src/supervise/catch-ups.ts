import type { Offsets } from '@millrace/spark-connect'
import { hasCaughtUp, nextGoal, type CatchUp } from './catch-up.ts'
import { covers, within } from './offsets.ts'
import type { QueryRun } from './query-run.ts'

interface Moment {
  readonly now: number
  /** Where the topic ends. */
  readonly ends: Offsets
  /** What ingestion says it has published. */
  readonly published: Offsets
  /** What the materializer has stored of a generation. */
  readonly stored: (generation: number) => Promise<Offsets>
  /** The generation that readers get; undefined where its offsets are of another log. */
  readonly served: number | undefined
}

/** So long a generation that has caught up is waited for; then it has to catch up again. */
const awaitedMs = 120_000

/** How far the generations of a stream are that are built beside a served one. */
export class CatchUps {
  readonly #known = new Map<number, CatchUp>()
  #isAwaited = false

  /**
   * One has reached its goal, and the served generation is stored further by now: no more of that may become final until
   * the new one is stored as far, or readers would lose what they were told is final.
   */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** Those of these runs that have caught up with the topic, and are stored as far as the served one. */
  async done(building: readonly QueryRun[], { now, ends, published, stored, served }: Moment): Promise<Set<number>> {
    const done = new Set<number>()
    this.#isAwaited = false
    for (const { generation, committed, query } of building) {
      if (!query) continue
      const catchUp = nextGoal(this.#known.get(generation), { ends, committed, now })
      this.#known.set(generation, catchUp)
      if (!catchUp.goal) continue
      const reached = await stored(generation)
      if (!hasCaughtUp({ now, goal: catchUp.goal, committed, stored: reached, published })) continue
      // What has left the topic at its end, which was made again, is reached by nobody.
      if (served === undefined || covers(reached, within(await stored(served), ends))) done.add(generation)
      else if (now - catchUp.goal.seenAt < awaitedMs) this.#isAwaited = true
      else this.#known.set(generation, { lastEnds: ends, goal: null })
    }
    return done
  }

  /** Only these generations are asked for any more. */
  keep(generations: ReadonlySet<number>): void {
    for (const generation of this.#known.keys()) if (!generations.has(generation)) this.#known.delete(generation)
  }
}
