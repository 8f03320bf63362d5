import { windowAnswer, type StoredWindow, type WindowAnswer } from '@millrace/rest'
import { Injectable } from '@nestjs/common'
import { ServedGenerations } from './served-generations.ts'
import { WindowStore, type WindowRead } from './stores.ts'

/** A row as it is answered, and what it was made of. */
export interface ViewRow {
  readonly stored: StoredWindow
  readonly isFinal: boolean
  readonly answer: WindowAnswer
}

export interface ViewRowsPage {
  readonly rows: readonly ViewRow[]
  /** Where the next page begins; null after the last. */
  readonly next: string | null
}

/** The stored windows of a view with the mark `final`, which each has by its own generation. */
@Injectable()
export class ViewRows {
  constructor(private readonly windows: WindowStore, private readonly generations: ServedGenerations) {}

  async read(read: WindowRead): Promise<ViewRowsPage> {
    const { route } = read
    const { rows, next } = await this.windows.read(read)
    const finalUntil = await this.#finalUntil(read, rows)
    return {
      next,
      rows: rows.map((stored) => {
        const until = finalUntil.get(stored.generation) ?? null
        return { stored, isFinal: until !== null && stored.end <= until, answer: windowAnswer(route, stored, until) }
      }),
    }
  }

  async #finalUntil({ route: { stream }, generations }: WindowRead, rows: readonly StoredWindow[]): Promise<ReadonlyMap<number, number>> {
    const shown = generations.filter(({ generation }) => rows.some((row) => row.generation === generation))
    const progress = await Promise.all(shown.map(async ({ generation }) => [generation, await this.generations.progress(stream, generation)] as const))
    return new Map(progress.flatMap(([generation, reached]) => (reached === null ? [] : [[generation, reached.finalUntil] as const])))
  }
}
