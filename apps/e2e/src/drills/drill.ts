import type { DrillBench } from './bench/drill-bench.ts'

/** A drill: what it breaks on a running line, and what must hold all the same. */
export interface Drill {
  /** As in docs/delivery.md: `F05`. */
  readonly id: string
  readonly title: string
  readonly breaks: string
  readonly expects: string
  /** What keeps the promise here. */
  readonly protects: string
  /** Why it cannot run on this system; null where it can. */
  readonly missing?: () => string | null
  /** Settings that the line must have been started with; it is started anew for a drill that has some. */
  readonly settings?: Readonly<Record<string, string>>
  /** The line cannot be used by another drill afterwards. */
  readonly usesUp?: boolean
  /** Breaks it. The runner has let the line come to rest before, and judges it afterwards. */
  run(bench: DrillBench): Promise<void>
}
