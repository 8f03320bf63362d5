import { join } from 'node:path'
import { queryStatuses } from '../../http/query-status.ts'
import { eventually } from '../../line/eventually.ts'
import type { Line } from '../../line/line.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { checkpoints } from '../faults/checkpoint.ts'
import type { ProcessName } from '../faults/processes.ts'
import { missingSmallDisk, SmallDisk } from '../faults/small-disk.ts'

interface Disk {
  readonly engine: ProcessName
  readonly what: string
  readonly folder: (line: Line) => string
}

const disks: readonly Disk[] = [
  { engine: 'kafka', what: "Kafka's log", folder: ({ state }) => join(state, 'kafka/log') },
  { engine: 'cassandra', what: "Cassandra's commit log", folder: ({ state }) => join(state, 'cassandra/commitlog') },
  { engine: 'spark', what: "Spark's checkpoint", folder: checkpoints },
]
/** Enough that the end comes in the middle of the work, not at once. */
const roomBytes = 262_144
const waiting = 4_000

export const diskFull: Drill = {
  id: 'F17',
  title: 'the disk full',
  breaks: `the disk under ${disks.map(({ what }) => what).join(', then under ')} has ${roomBytes / 1_024} KB of room, until it is full and ${waiting} events more have come; then there is room again`,
  expects: 'the engine refuses, or ends; everybody waits; with room again, and the engine started again where it has ended, all goes on',
  protects: 'an engine that cannot write says so before it acknowledges, or ends and is started again; pages written ahead; offsets committed after the store; a checkpoint whose files are there whole or not at all',
  missing: missingSmallDisk,
  async run(bench) {
    for (const disk of disks) await fillUp(bench, disk)
  },
}

async function fillUp(bench: DrillBench, { engine, what, folder }: Disk): Promise<void> {
  const { line, processes, traffic, recovers, say, expect } = bench
  await traffic.untilMade((await traffic.made()).during + 1_000)
  const disk = await SmallDisk.under(bench, engine, folder(line))
  await recovers(`${what} on a small disk`)
  disk.fill(roomBytes)
  await eventually(() => Promise.resolve(disk.isFull), { deadlineMs: 300_000, everyMs: 50, what: `the disk under ${what} to be full` })
  const { produced, during } = await traffic.made()
  await traffic.untilMade(during + waiting)
  const behind = produced + waiting - await storedNow(bench)
  const { state, restarts } = processes.noted(engine)
  say(`the disk under ${what} is full: ${Number.isNaN(behind) ? 'nothing can be read' : `${behind} events wait`}; ${engine} is ${state} after ${restarts} restarts, the queries are ${await queryStates(line)}`)
  expect(Number.isNaN(behind) || behind > waiting / 2, `all goes on though the disk under ${what} is full: only ${behind} events wait`)
  disk.makeRoom()
  await recovers(`room again for ${what}`)
  await disk.putBack()
  await recovers(`${what} where it was`)
}

/** NaN where nobody can tell. */
async function storedNow({ traffic }: DrillBench): Promise<number> {
  try {
    return await traffic.stored()
  } catch {
    return NaN
  }
}

async function queryStates(line: Line): Promise<string> {
  return (await queryStatuses(line)).map(({ state }) => state).join(' and ')
}
