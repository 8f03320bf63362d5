import type { ReadGeneration } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { ForAWhile } from './for-a-while.ts'
import type { GenerationProgress, GenerationStates } from './stores.ts'

/** A promoted generation is served this much later at most, and a window is called final this much later. */
const keepMs = 250

/** What `GenerationStates` says, asked at most four times a second: every query needs it. */
export class ServedGenerations {
  readonly #served: ForAWhile<readonly ReadGeneration[]>
  readonly #progress: ForAWhile<GenerationProgress | null>

  constructor(private readonly states: GenerationStates, clock: Pick<Clock, 'now'>) {
    this.#served = new ForAWhile(keepMs, clock)
    this.#progress = new ForAWhile(keepMs, clock)
  }

  /** Newest first. */
  served(stream: StreamDeclaration): Promise<readonly ReadGeneration[]> {
    return this.#served.get(streamLabel(stream), () => this.states.served(stream))
  }

  progress(stream: StreamDeclaration, generation: number): Promise<GenerationProgress | null> {
    return this.#progress.get(`${streamLabel(stream)}.g${generation}`, () => this.states.progress(stream, generation))
  }
}
