import type { CassandraSession } from '../cassandra-session.ts'
import { hasEnded } from '../ingestion/run-store.ts'
import { decideRepeatably } from '../repeatable-decision.ts'
import { maybeNumber, maybeText, numberOf, textOf, type Param, type Row } from '../row.ts'
import type { Recount, RecountDifference, RecountFigures, RecountState } from './recount.ts'

export abstract class RecountStore {
  /** Enters a recount that nobody has entered; one that is there stays as it is. It is open until `save` says that it has ended. */
  abstract create(recount: Recount): Promise<void>
  abstract find(id: string): Promise<Recount | null>
  abstract save(recount: Recount): Promise<void>
  /** Those that have not ended, in the order in which they were entered. */
  abstract open(): Promise<Recount[]>
  /** Takes entries of the queue away that lead to no open recount and are older than this instant; answers how many there were. */
  abstract sweep(before: number, options?: { readonly dryRun?: boolean }): Promise<number>
}

const columns = 'id, stream, version, generation, state, verdict, attempts, from_time, to_time, offsets, figures, differences, error_code, error_message, created_at, ended_at'
/** All recounts are done by one bridge. */
const queue = 'spark-bridge'

const cql = {
  create: `INSERT INTO recounts (${columns}) VALUES (${columns.replaceAll(/\w+/g, '?')}) IF NOT EXISTS`,
  find: `SELECT ${columns} FROM recounts WHERE id = ?`,
  save: 'UPDATE recounts SET generation = ?, state = ?, verdict = ?, attempts = ?, from_time = ?, to_time = ?, offsets = ?, figures = ?, differences = ?, error_code = ?, error_message = ?, ended_at = ? WHERE id = ? IF EXISTS',
  opened: 'INSERT INTO open_recounts (queue, created_at, id) VALUES (?, ?, ?)',
  closed: 'DELETE FROM open_recounts WHERE queue = ? AND created_at = ? AND id = ?',
  open: 'SELECT created_at, id FROM open_recounts WHERE queue = ?',
} as const

/** Recounts in Cassandra, each kept for thirty days. They are few, so each change of one is a lightweight transaction. */
export class CassandraRecountStore extends RecountStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async create(recount: Recount): Promise<void> {
    const { id, stream, version, createdAt } = recount
    // Open first: an entry without a recount is skipped, a recount without an entry would never be done.
    await this.session.execute(cql.opened, [queue, createdAt, id], { action: `opening recount ${id}` })
    await decideRepeatably(this.session, { cql: cql.create, params: [id, stream, version, ...cellsOf(recount), createdAt, recount.endedAt] }, `entering recount ${id}`)
  }

  override async find(id: string): Promise<Recount | null> {
    const [row] = await this.session.execute(cql.find, [id], { isSerial: true, action: `looking up recount ${id}` })
    return row && maybeText(row, 'stream') !== null ? recountOf(row) : null
  }

  override async save(recount: Recount): Promise<void> {
    await decideRepeatably(this.session, { cql: cql.save, params: [...cellsOf(recount), recount.endedAt, recount.id] }, `saving recount ${recount.id}`)
    if (hasEnded(recount)) await this.#close(recount)
  }

  override async open(): Promise<Recount[]> {
    return (await this.#entries()).flatMap(({ recount }) => (recount && !hasEnded(recount) ? [recount] : []))
  }

  override async sweep(before: number, { dryRun = false } = {}): Promise<number> {
    const idle = (await this.#entries()).filter(({ createdAt, recount }) => createdAt < before && (recount === null || hasEnded(recount)))
    if (!dryRun) for (const entry of idle) await this.#close(entry)
    return idle.length
  }

  async #entries(): Promise<{ id: string; createdAt: number; recount: Recount | null }[]> {
    const rows = await this.session.execute(cql.open, [queue], { action: 'reading the open recounts' })
    return Promise.all(rows.map(async (row) => {
      const id = textOf(row, 'id')
      return { id, createdAt: numberOf(row, 'created_at'), recount: await this.find(id) }
    }))
  }

  async #close({ id, createdAt }: Pick<Recount, 'id' | 'createdAt'>): Promise<void> {
    await this.session.execute(cql.closed, [queue, createdAt, id], { action: `closing recount ${id}` })
  }
}

/** What changes, in the order of the columns. */
const cellsOf = ({ generation, state, verdict, attempts, from, to, offsets, figures, differences, error }: Recount): Param[] =>
  [generation, state, verdict, attempts, from, to, JSON.stringify(offsets), JSON.stringify(figures), JSON.stringify(differences), error?.code ?? null, error?.message ?? null]

const recountOf = (row: Row): Recount => {
  const code = maybeText(row, 'error_code')
  return {
    id: textOf(row, 'id'),
    stream: textOf(row, 'stream'),
    version: numberOf(row, 'version'),
    generation: numberOf(row, 'generation'),
    state: textOf(row, 'state') as RecountState,
    verdict: maybeText(row, 'verdict') as Recount['verdict'],
    attempts: numberOf(row, 'attempts'),
    from: numberOf(row, 'from_time'),
    to: numberOf(row, 'to_time'),
    offsets: JSON.parse(textOf(row, 'offsets')) as Record<string, number>,
    figures: JSON.parse(textOf(row, 'figures')) as RecountFigures,
    differences: JSON.parse(textOf(row, 'differences')) as RecountDifference[],
    error: code === null ? null : { code, message: maybeText(row, 'error_message') ?? '' },
    createdAt: numberOf(row, 'created_at'),
    endedAt: maybeNumber(row, 'ended_at'),
  }
}
