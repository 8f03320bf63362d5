import { randomUUID } from 'node:crypto'
import { eventRecord, partitionOf, TopicWriter } from '@millrace/kafka'
import { eventTopic } from '@millrace/stream-kit'
import { earthquakes } from '@millrace/streams'
import type { Line } from '../line/line.ts'
import { withCassandra } from '../line/with-cassandra.ts'

const kafkaPort = 19_092

/** A row of earthquakes, as a test wants to have it gone. */
export interface PlantedLoss {
  readonly table: 'earthquakes_per_hour_v1' | 'earthquakes__ledger_v1'
  /** Of its group; the table of the ledger has none. */
  readonly network?: string
  /** Epoch milliseconds. */
  readonly windowStart: number
  readonly generation: number
  readonly events: number
}

/**
 * Deletes a row as if it had been lost, in one table. With the row's own version: a delete of today's timestamp would hide
 * every later write as well, which no loss does.
 */
export async function loseRow(line: Line, { table, network, windowStart, generation, events }: PlantedLoss): Promise<void> {
  const start = new Date(windowStart)
  const partition = network === undefined ? 'day = ?' : 'network = ? AND day = ?'
  const key = [...(network === undefined ? [] : [network]), start.toISOString().slice(0, 10), windowStart, generation]
  await withCassandra(line, 'writer', (session) =>
    session.execute(`DELETE FROM ${table} USING TIMESTAMP ? WHERE ${partition} AND window_start = ? AND generation = ?`, [events, ...key], { action: `losing a row of ${table}` }))
}

/** Puts a quake on the topic past ingestion, as only a mistake would. */
export async function smuggleQuake(line: Line, { network, occurredAt }: { readonly network: string; readonly occurredAt: number }): Promise<void> {
  const writer = await TopicWriter.open({ brokers: [`127.0.0.1:${kafkaPort + line.portOffset}`] })
  try {
    const event = { id: `smuggled-${randomUUID()}`, network, place: 'nowhere', magnitude: 1.5, depthKm: 5, occurredAt }
    const record = eventRecord(earthquakes, event, { run: 'none' })
    await writer.send({ topic: eventTopic(earthquakes), messages: [{ ...record, partition: partitionOf(record.key, earthquakes.partitions) }] })
  } finally {
    await writer.close()
  }
}
