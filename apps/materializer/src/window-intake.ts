import { CassandraError, LetterStore, newestRows, ProgressStore, WindowWriter, type DeadLetter } from '@millrace/cassandra'
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
    let [rows, unfit] = [0, [] as readonly DeadLetter[]]
    await untilStored(batch, async () => { ({ rows, refused: unfit } = await this.#write(stream, { writer, sorted, partition })) })
    const name = streamLabel(stream)
    const last = records.at(-1)
    batchStored({ stream: name, topic, partition, records: records.length, rows, lag: last === undefined ? 0 : Number(highWatermark - last.offset - 1n), seconds: (performance.now() - startedAt) / 1_000 })
    const refused = [...sorted.refused, ...unfit]
    if (refused[0]) windowsRefused({ stream: name, topic, partition, count: refused.length, detail: refused[0].detail })
  }

  async #write(stream: StreamDeclaration, { writer, sorted, partition }: { writer: WindowWriter; sorted: SortedWindows; partition: number }): Promise<{ readonly rows: number; readonly refused: readonly DeadLetter[] }> {
    const [written] = await Promise.all([this.#writeRows(writer, sorted), this.letters.writeDead(stream, sorted.refused)])
    await this.letters.writeDead(stream, written.refused)
    for (const { generation, watermark, offsets } of sorted.markers) {
      const reached = Object.fromEntries(Object.entries(offsets).map(([source, offset]) => [source, Number(offset)]))
      await this.progress.write(stream, { generation, partition, finalUntil: watermark, offsets: reached })
      progressStored({ stream: streamLabel(stream), generation, partition, finalUntil: watermark, seconds: watermark / 1_000 })
    }
    return written
  }

  /** One row that Cassandra refuses for what it holds must not hold up the others: they are then written one by one. */
  async #writeRows(writer: WindowWriter, { rows, letterOf }: SortedWindows): Promise<{ readonly rows: number; readonly refused: readonly DeadLetter[] }> {
    try {
      return { rows: await writer.write(rows), refused: [] }
    } catch (error) {
      if (!isRefused(error)) throw error
    }
    let written = 0
    const refused: DeadLetter[] = []
    for (const row of newestRows(rows)) {
      try {
        written += await writer.write([row])
      } catch (error) {
        if (!isRefused(error)) throw error
        refused.push(letterOf(row, error.message))
      }
    }
    // A statement that is refused whatever it writes is a mistake in the program, not in a row.
    if (written === 0 && refused.length > 1) throw new CassandraError('cassandra_request_refused', `none of ${refused.length} rows is accepted; the first: ${refused[0]?.detail ?? ''}`)
    return { rows: written, refused }
  }
}

const isRefused = (error: unknown): error is CassandraError => error instanceof CassandraError && error.code === 'cassandra_request_refused'
