import { CassandraSession } from '@millrace/cassandra'
import { BatchSource, type Batch } from '@millrace/kafka'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { Server, type CustomTransportStrategy } from '@nestjs/microservices'
import { isObservable, lastValueFrom } from 'rxjs'
import { TopicRoutes } from './topic-routes.ts'

/** What a handler of the transport is given. */
export interface StreamBatch {
  readonly stream: StreamDeclaration
  readonly batch: Batch
}

/**
 * A transport of whole batches: a batch goes to the handler of its topic's pattern, and counts as done, which commits its
 * offset, when the handler resolves. The source asks for no more of that partition before, so a slow handler slows
 * reading, and memory holds at most one batch a partition. When the handler rejects, the batch comes again.
 */
@Injectable()
export class BatchTransport extends Server implements CustomTransportStrategy {
  /** A handler's failure is the transport's business: the batch is not done. */
  override readonly propagatesEventHandlerErrors = true
  #isClosing = false

  constructor(private readonly source: BatchSource, private readonly routes: TopicRoutes, private readonly session: CassandraSession) {
    super()
  }

  listen(callback: (error?: unknown) => void): void {
    void this.#run()
    callback()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.source.close()
  }

  on(): never {
    throw new Error('The batch transport has no events to listen to.')
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape is Nest’s
  unwrap<T>(): T {
    return this.source as T
  }

  /** Takes work only when its results can be stored. What cannot mend itself ends the process, see `runService`. */
  async #run(): Promise<void> {
    try {
      await this.session.ready
      if (!this.#isClosing) await this.source.run(this.routes.topics, (batch) => this.#deliver(batch))
    } catch (error) {
      if (!this.#isClosing) throw error
    }
  }

  async #deliver(batch: Batch): Promise<void> {
    const { pattern, stream } = this.routes.find(batch.topic)
    const handler = this.getHandlerByPattern(pattern)
    if (!handler) throw new Error(`No handler for ${pattern}, the pattern of topic ${batch.topic}.`)
    const result: unknown = await handler({ stream, batch } satisfies StreamBatch)
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined })
  }
}
