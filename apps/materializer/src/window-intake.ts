import { LetterStore, ProgressStore, WindowWriter } from '@millrace/cassandra'
import type { Batch } from '@millrace/kafka'
import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'
import { Injectable } from '@nestjs/common'
import { batchStored, progressStored, windowsRefused } from './materializer.signals.ts'
import { sortWindows, type SortedWindows } from './sort-windows.ts'
import { untilStored } from './until-stored.ts'
import { WindowWriters } from './window-writers.ts'

/**
 * Stores the batches of the windows topics.
 *
 * First the rows and what could not become rows, then how far the partition has come: so a marker's progress is written
 * only when everything before it is stored. The offset is committed after both. A stop at any point repeats writes that
 * change nothing.
 */
@Injectable()
export class WindowIntake {
  constructor(private readonly writers: WindowWriters, private readonly progress: ProgressStore, private readonly letters: LetterStore) {}

  async store(stream: StreamDeclaration, batch: Batch): Promise<void> {
    const startedAt = performance.now()
    const { topic, partition, records, highWatermark } = batch
    const writer = this.writers.of(stream)
    const sorted = sortWindows(batch, stream, (window) => writer.rowOf(window))
    let rows = 0
    await untilStored(batch, async () => { rows = await this.#write(stream, { writer, sorted, partition }) })
    const name = streamLabel(stream)
    const last = records.at(-1)
    batchStored({ stream: name, topic, partition, records: records.length, rows, lag: last === undefined ? 0 : Number(highWatermark - last.offset - 1n), seconds: (performance.now() - startedAt) / 1_000 })
    const [first] = sorted.refused
    if (first) windowsRefused({ stream: name, topic, partition, count: sorted.refused.length, detail: first.detail })
  }

  async #write(stream: StreamDeclaration, { writer, sorted, partition }: { writer: WindowWriter; sorted: SortedWindows; partition: number }): Promise<number> {
    const [rows] = await Promise.all([writer.write(sorted.rows), this.letters.writeDead(stream, sorted.refused)])
    for (const { generation, watermark, offsets } of sorted.markers) {
      const reached = Object.fromEntries(Object.entries(offsets).map(([source, offset]) => [source, Number(offset)]))
      await this.progress.write(stream, { generation, partition, finalUntil: watermark, offsets: reached })
      progressStored({ stream: streamLabel(stream), generation, partition, finalUntil: watermark, seconds: watermark / 1_000 })
    }
    return rows
  }
}
