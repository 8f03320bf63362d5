import { createHash } from 'node:crypto'
import { noFigures, type RecountStore } from '@millrace/cassandra'
import { systemClock, type Clock } from '@millrace/service'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import type { DroppedBatch, DroppedRecounts } from '../ports.ts'
import type { RecountQueue } from './recount-queue.ts'

export interface DroppedRecountsOptions {
  readonly store: Pick<RecountStore, 'create'>
  readonly queue: Pick<RecountQueue, 'refresh'>
  readonly clock?: Clock
}

const prefix = 'dropped-'

/** Whether the bridge has asked for a recount by itself, because Spark had dropped events. */
export const isOfDropped = (id: string): boolean => id.startsWith(prefix)

/** Enters recounts of the windows from which Spark has dropped events: a batch once, whichever bridge sees it. */
export class EnteredRecounts implements DroppedRecounts {
  constructor(private readonly options: DroppedRecountsOptions) {}

  async enter(stream: StreamDeclaration, { generation, batch, from, to }: DroppedBatch): Promise<void> {
    const { store, queue, clock = systemClock } = this.options
    const id = `${prefix}${createHash('sha256').update(JSON.stringify([streamLabel(stream), generation, batch])).digest('hex').slice(0, 24)}`
    await store.create({
      id, stream: stream.name, version: stream.version, state: 'queued', verdict: null, generation, from, to,
      offsets: {}, figures: noFigures, differences: [], error: null, attempts: 0, createdAt: clock.now(), endedAt: null,
    })
    queue.refresh()
  }
}
