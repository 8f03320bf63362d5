import { CassandraError } from '../cassandra.errors.ts'
import type { CassandraSession } from '../cassandra-session.ts'
import { decideRepeatably } from '../repeatable-decision.ts'
import { maybeNumber, maybeText, numberOf, textOf, type Row } from '../row.ts'
import type { Counts } from '../stream-status-reader.ts'
import type { StreamName } from './stream-store.ts'
import type { RedriveReport, RunRedrive } from './run-redrive.ts'
import type { RestoreReport } from './run-restore.ts'
import { sweepRuns, type Sweep, type Swept } from './sweep-runs.ts'

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'abandoned'

/** A span of event times, epoch milliseconds: from `from` to before `to`. */
export interface RunRange {
  readonly from: number
  readonly to: number
}

/** A triggered run. */
export interface Run {
  readonly id: string
  readonly stream: string
  readonly version: number
  /** What a backfill reads again; null for a pull, which goes on at the stream's cursor. */
  readonly range: RunRange | null
  /** What a redrive of dead letters asks for; other runs have none. */
  readonly redrive?: RunRedrive
  /** What a redrive has made of them so far. */
  readonly report?: RedriveReport
  /** What a restore of the topic has done so far; other runs have none. */
  readonly restore?: RestoreReport
  readonly state: RunState
  readonly counts: Counts
  /** By partition: the next offset after everything that was published when the run ended. */
  readonly offsets: Readonly<Record<string, string>>
  readonly error: { readonly code: string; readonly message: string } | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** What an idempotency key stands for. */
export interface RunKey {
  readonly caller: string
  readonly key: string
  /** A digest of everything that the request asks for. */
  readonly fingerprint: string
  readonly runId: string
  /** Epoch milliseconds: when the key was entered, and so its run, by whichever instance. */
  readonly createdAt: number
}

export abstract class RunStore {
  /** Enters the key unless it is there; answers the entry that holds. */
  abstract claim(entry: RunKey): Promise<RunKey>
  abstract findKey(caller: string, key: string): Promise<RunKey | null>
  /** Enters a run that nobody has entered; one that is there stays as it is. It is open until `save` says that it has ended. */
  abstract create(run: Run): Promise<void>
  abstract find(id: string): Promise<Run | null>
  /**
   * The run as it is now, unless it has ended: that is its last word. Only the holder of the stream's lease saves, but one
   * that was holder, or a transaction whose answer was given up, may come later.
   */
  abstract save(run: Run): Promise<void>
  /** The runs of a stream that have not ended, in the order in which they were entered. */
  abstract open(stream: StreamName): Promise<Run[]>
  /** Removes old runs that have ended, with their keys: at most so many at once, so again until none is left. */
  abstract sweep(sweep: Sweep): Promise<Swept>
}

export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean => state === 'succeeded' || state === 'failed' || state === 'abandoned'

const columns = 'id, stream, version, range_from, range_to, redrive, report, restore, state, counts, offsets, error_code, error_message, created_at'

const cql = {
  claim: 'INSERT INTO run_keys (caller, key, fingerprint, run_id, created_at) VALUES (?, ?, ?, ?, ?) IF NOT EXISTS',
  key: 'SELECT fingerprint, run_id, created_at FROM run_keys WHERE caller = ? AND key = ?',
  create: `INSERT INTO runs (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS`,
  find: `SELECT ${columns} FROM runs WHERE id = ?`,
  save: `UPDATE runs SET state = ?, report = ?, restore = ?, counts = ?, offsets = ?, error_code = ?, error_message = ?, updated_at = toTimestamp(now()) WHERE id = ? IF state IN ('queued', 'running')`,
  opened: 'INSERT INTO open_runs (stream, version, created_at, id) VALUES (?, ?, ?, ?)',
  closed: 'DELETE FROM open_runs WHERE stream = ? AND version = ? AND created_at = ? AND id = ?',
  open: 'SELECT id, created_at FROM open_runs WHERE stream = ? AND version = ?',
} as const

/** Runs in Cassandra. They are few, so each change of one is a lightweight transaction. */
export class CassandraRunStore extends RunStore {
  constructor(private readonly session: CassandraSession) {
    super()
  }

  override async claim(entry: RunKey): Promise<RunKey> {
    await decideRepeatably(this.session, { cql: cql.claim, params: [entry.caller, entry.key, entry.fingerprint, entry.runId, entry.createdAt] }, 'entering an idempotency key')
    const holds = await this.findKey(entry.caller, entry.key)
    if (!holds) throw new CassandraError('cassandra_timeout', 'entering an idempotency key: it is not there. Send the request again.')
    return holds
  }

  override async findKey(caller: string, key: string): Promise<RunKey | null> {
    const [row] = await this.session.execute(cql.key, [caller, key], { isSerial: true, action: 'looking up an idempotency key' })
    return row ? { caller, key, fingerprint: textOf(row, 'fingerprint'), runId: textOf(row, 'run_id'), createdAt: numberOf(row, 'created_at') } : null
  }

  override async create(run: Run): Promise<void> {
    const { id, stream, version, range, redrive, restore, state, counts, offsets, error, createdAt } = run
    // Open first: an entry without a run is skipped, a run without an entry would never be done.
    await this.session.execute(cql.opened, [stream, version, createdAt, id], { action: `opening run ${id}` })
    await decideRepeatably(this.session, { cql: cql.create, params: [id, stream, version, range?.from ?? null, range?.to ?? null, jsonOr(redrive), null, jsonOr(restore), state, JSON.stringify(counts), JSON.stringify(offsets), error?.code ?? null, error?.message ?? null, createdAt] }, `entering run ${id}`)
  }

  override async find(id: string): Promise<Run | null> {
    const [row] = await this.session.execute(cql.find, [id], { isSerial: true, action: `looking up run ${id}` })
    return row && maybeText(row, 'stream') !== null ? runOf(row) : null
  }

  override async save(run: Run): Promise<void> {
    const { id, state, report, restore, counts, offsets, error } = run
    await decideRepeatably(this.session, { cql: cql.save, params: [state, jsonOr(report), jsonOr(restore), JSON.stringify(counts), JSON.stringify(offsets), error?.code ?? null, error?.message ?? null, id] }, `saving run ${id}`)
    if (hasEnded(run)) await this.#close(run, run.createdAt)
  }

  override async open({ name, version }: StreamName): Promise<Run[]> {
    const rows = await this.session.execute(cql.open, [name, version], { action: `reading the open runs of ${name}` })
    const open = new Map<string, Run>()
    for (const row of rows) {
      const run = await this.find(textOf(row, 'id'))
      if (run && hasEnded(run)) await this.#close(run, numberOf(row, 'created_at'))
      else if (run) open.set(run.id, run)
    }
    return [...open.values()]
  }

  override async sweep(sweep: Sweep): Promise<Swept> {
    return await sweepRuns(this.session, sweep)
  }

  async #close({ id, stream, version }: Run, createdAt: number): Promise<void> {
    await this.session.execute(cql.closed, [stream, version, createdAt, id], { action: `closing run ${id}` })
  }
}

const jsonOr = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))

const runOf = (row: Row): Run => {
  const [code, from, to] = [maybeText(row, 'error_code'), maybeNumber(row, 'range_from'), maybeNumber(row, 'range_to')]
  const [redrive, report, restore] = [maybeText(row, 'redrive'), maybeText(row, 'report'), maybeText(row, 'restore')]
  return {
    id: textOf(row, 'id'),
    stream: textOf(row, 'stream'),
    version: numberOf(row, 'version'),
    range: from === null || to === null ? null : { from, to },
    ...(redrive !== null && { redrive: JSON.parse(redrive) as RunRedrive }),
    ...(report !== null && { report: JSON.parse(report) as RedriveReport }),
    ...(restore !== null && { restore: JSON.parse(restore) as RestoreReport }),
    state: textOf(row, 'state') as RunState,
    counts: JSON.parse(textOf(row, 'counts')) as Counts,
    offsets: JSON.parse(textOf(row, 'offsets')) as Record<string, string>,
    error: code === null ? null : { code, message: maybeText(row, 'error_message') ?? '' },
    createdAt: numberOf(row, 'created_at'),
  }
}
