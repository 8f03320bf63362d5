import type { StreamDeclaration } from '@millrace/stream-kit'
import { CassandraError } from '../cassandra.errors.ts'
import type { CassandraSession } from '../cassandra-session.ts'
import { decideRepeatably } from '../repeatable-decision.ts'
import { numberOf, textOf, type Row } from '../row.ts'
import { isOver, type Replay, type ReplayState } from './replay.ts'

type Key = Pick<StreamDeclaration, 'name' | 'version'>

export abstract class ReplayStore {
  /** Enters a replay that nobody has entered; one that is there stays as it is. It is open until it is saved as over. */
  abstract create(replay: Replay): Promise<void>
  abstract find(id: string): Promise<Replay | null>
  /** Saves it if it is in one of these states; answers false, and changes nothing, where somebody else has moved it on. */
  abstract save(replay: Replay, from: readonly ReplayState[]): Promise<boolean>
  /** Those that are not over, in the order in which they were entered. */
  abstract open(): Promise<Replay[]>
  /** The newest of a stream. */
  abstract list(stream: Key, limit: number): Promise<Replay[]>
  /** Takes entries of the queue away that lead to no open replay and are older than this instant; answers how many there were. */
  abstract sweep(before: number, options?: { readonly dryRun?: boolean }): Promise<number>
}

/** All replays are done by one bridge. */
const queue = 'spark-bridge'

const cql = {
  create: 'INSERT INTO replays (id, stream, version, state, content, created_at) VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS',
  find: 'SELECT id, stream, version, state, content, created_at FROM replays WHERE id = ?',
  save: 'UPDATE replays SET state = ?, content = ? WHERE id = ? IF state = ?',
  opened: 'INSERT INTO open_replays (queue, created_at, id) VALUES (?, ?, ?)',
  closed: 'DELETE FROM open_replays WHERE queue = ? AND created_at = ? AND id = ?',
  open: 'SELECT created_at, id FROM open_replays WHERE queue = ?',
  entered: 'INSERT INTO replays_of_stream (stream, version, created_at, id) VALUES (?, ?, ?, ?)',
  list: 'SELECT id FROM replays_of_stream WHERE stream = ? AND version = ? LIMIT ?',
} as const

/** Replays in Cassandra, each kept for thirty days. They are few, so each change of one is a lightweight transaction. */
export class CassandraReplayStore extends ReplayStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async create(replay: Replay): Promise<void> {
    const { id, stream, version, state, createdAt } = replay
    const action = `entering replay ${id}`
    // Open first: an entry without a replay is skipped, a replay without an entry would never be done.
    await this.session.execute(cql.opened, [queue, createdAt, id], { action })
    await this.session.execute(cql.entered, [stream, version, createdAt, id], { action })
    await decideRepeatably(this.session, { cql: cql.create, params: [id, stream, version, state, contentOf(replay), createdAt] }, action)
  }

  override async find(id: string): Promise<Replay | null> {
    const [row] = await this.session.execute(cql.find, [id], { isSerial: true, action: `looking up replay ${id}` })
    return row ? replayOf(row) : null
  }

  override async save(replay: Replay, from: readonly ReplayState[]): Promise<boolean> {
    const isSaved = await this.#save(replay, from)
    if (isSaved && isOver(replay)) await this.#close(replay)
    return isSaved
  }

  override async open(): Promise<Replay[]> {
    return (await this.#entries()).flatMap(({ replay }) => (replay && !isOver(replay) ? [replay] : []))
  }

  override async list({ name, version }: Key, limit: number): Promise<Replay[]> {
    const rows = await this.session.execute(cql.list, [name, version, limit], { action: `listing the replays of ${name}` })
    const found = await Promise.all(rows.map((row) => this.find(textOf(row, 'id'))))
    return found.filter((replay) => replay !== null)
  }

  override async sweep(before: number, { dryRun = false } = {}): Promise<number> {
    const idle = (await this.#entries()).filter(({ createdAt, replay }) => createdAt < before && (replay === null || isOver(replay)))
    if (!dryRun) for (const entry of idle) await this.#close(entry)
    return idle.length
  }

  /** A lost answer is settled by looking: what stands there is ours, or somebody else's. */
  async #save(replay: Replay, from: readonly ReplayState[]): Promise<boolean> {
    const { id, state } = replay
    const content = contentOf(replay)
    for (let turns = 1; ; turns += 1) {
      const [row] = await this.session.execute(cql.find, [id], { isSerial: true, action: `looking up replay ${id}` })
      if (!row) return false
      if (textOf(row, 'state') === state && textOf(row, 'content') === content) return true
      const now = textOf(row, 'state') as ReplayState
      if (!from.includes(now)) return false
      try {
        const { applied } = await this.session.decide({ cql: cql.save, params: [state, content, id, now] }, { action: `saving replay ${id}` })
        if (applied) return true
      } catch (error) {
        if (!(error instanceof CassandraError && error.code === 'cassandra_outcome_unknown') || turns === mostTurns) throw error
      }
      if (turns === mostTurns) throw new CassandraError('cassandra_overloaded', `saving replay ${id}: others kept changing it. It is tried again.`)
    }
  }

  async #entries(): Promise<{ id: string; createdAt: number; replay: Replay | null }[]> {
    const rows = await this.session.execute(cql.open, [queue], { action: 'reading the open replays' })
    return Promise.all(rows.map(async (row) => {
      const id = textOf(row, 'id')
      return { id, createdAt: numberOf(row, 'created_at'), replay: await this.find(id) }
    }))
  }

  async #close({ id, createdAt }: Pick<Replay, 'id' | 'createdAt'>): Promise<void> {
    await this.session.execute(cql.closed, [queue, createdAt, id], { action: `closing replay ${id}` })
  }
}

const mostTurns = 5

type Keyed = 'id' | 'stream' | 'version' | 'state' | 'createdAt'

const contentOf = ({ kind, asked, from, to, generation, against, offsets, figures, differences, late, error, attempts, endedAt }: Replay): string =>
  JSON.stringify({ kind, asked, from, to, generation, against, offsets, figures, differences, late, error, attempts, endedAt } satisfies Omit<Replay, Keyed>)

const replayOf = (row: Row): Replay => ({
  ...(JSON.parse(textOf(row, 'content')) as Omit<Replay, Keyed>),
  id: textOf(row, 'id'),
  stream: textOf(row, 'stream'),
  version: numberOf(row, 'version'),
  state: textOf(row, 'state') as ReplayState,
  createdAt: numberOf(row, 'created_at'),
})
