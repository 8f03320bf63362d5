import { randomUUID } from 'node:crypto'
import { backOff, systemClock } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { CassandraError } from './cassandra.errors.ts'
import type { CassandraSession, Statement } from './cassandra-session.ts'
import { replacedBy, servedOf, type EventRange, type Generation, type GenerationState, type IncludedCounts, type ServedGeneration } from './generation.ts'
import { maybeNumber, maybeText, numberOf, textOf, type Row } from './row.ts'

export type StreamKey = Pick<StreamDeclaration, 'name' | 'version'>

export interface NewGeneration {
  readonly kind: string
  readonly planHash: string
  /** Where its query keeps its state; given the number where it is part of the path. */
  readonly checkpoint: string | ((generation: number) => string)
  /** Of one that computes a closed range once. */
  readonly range?: EventRange
  readonly included?: IncludedCounts
  /** Of the topic. */
  readonly incarnation?: number
}

/** The generations of a stream as one read found them. */
export interface GenerationsRead {
  readonly generations: readonly Generation[]
  /** Another one means that something was promoted since. */
  readonly revision: number | null
}

export interface Promotion {
  /** Generations of ranges that are promoted in the same step. */
  readonly together?: readonly number[]
  /** What was read when the decision was made: promoted only if nothing else was since. */
  readonly revision?: number | null
}

const key = ({ name, version }: StreamKey) => [name, version] as const

const select = 'SELECT generation, highest_allocated, revision, kind, plan_hash, checkpoint, floor, state, created_at, claim, range_from, range_to, included, promoted_at, incarnation FROM generations WHERE stream = ? AND version = ?'
const insert = `INSERT INTO generations (stream, version, generation, kind, plan_hash, checkpoint, state, created_at, claim, range_from, range_to, included, incarnation) VALUES (?, ?, ?, ?, ?, ?, 'building', ?, ?, ?, ?, ?, ?)`
const allocate = 'UPDATE generations SET highest_allocated = ? WHERE stream = ? AND version = ? IF highest_allocated = ?'
const move = 'UPDATE generations SET state = ? WHERE stream = ? AND version = ? AND generation = ? IF state = ?'
const serve = `UPDATE generations SET state = 'served', promoted_at = ? WHERE stream = ? AND version = ? AND generation = ? IF state = 'building'`
const revise = 'UPDATE generations SET revision = ? WHERE stream = ? AND version = ? IF revision = ?'
const floor = 'UPDATE generations SET floor = ? WHERE stream = ? AND version = ? AND generation = ? IF state = ?'

/**
 * The generations of a stream, in one partition, changed by lightweight transactions only. Every method may be repeated:
 * one whose answer was lost finds out by a serial read what became of it.
 */
export class GenerationStore {
  constructor(private readonly session: CassandraSession) {}

  /** All that were ever allocated, newest first. */
  async list(stream: StreamKey): Promise<Generation[]> {
    return generationsIn(await this.#rows(stream))
  }

  /** All of them, and what it takes to promote one only if nothing else is promoted meanwhile. */
  async read(stream: StreamKey): Promise<GenerationsRead> {
    const rows = await this.#rows(stream)
    return { generations: generationsIn(rows), revision: revisionIn(rows) }
  }

  /** The served ones, newest first, as readers take them: a plain read, which sees a promotion as soon as it is acknowledged. */
  async served(stream: StreamKey): Promise<ServedGeneration[]> {
    return servedOf(generationsIn(await this.session.execute(select, key(stream), { action: `reading the generations of ${stream.name}` })))
  }

  /** Takes the next number, which nobody has had or will have, and enters it as building. */
  async allocate(stream: StreamKey, { kind, planHash, checkpoint, range, included, incarnation }: NewGeneration): Promise<Generation> {
    const claim = randomUUID()
    return settled(async () => {
      const rows = await this.#rows(stream)
      const mine = rows.find((row) => row['claim'] === claim)
      if (mine) return generationOf(mine)
      const highest = rows.map((row) => maybeNumber(row, 'highest_allocated')).find((number) => number !== null) ?? null
      const generation = (highest ?? 0) + 1
      const path = typeof checkpoint === 'string' ? checkpoint : checkpoint(generation)
      await this.#decide(`allocating generation ${generation} of ${stream.name}`, [
        { cql: allocate, params: [generation, ...key(stream), highest] },
        { cql: insert, params: [...key(stream), generation, kind, planHash, path, Date.now(), claim, range?.from, range?.to, included && JSON.stringify(included), incarnation] },
      ])
      return undefined
    })
  }

  /**
   * Makes a generation the one that readers get, for all views and both tables in one step, and with it those of ranges
   * that belong to it. Those whose rows nobody reads afterwards are retired in the same step: see `replacedBy`.
   */
  async promote(stream: StreamKey, generation: number, { together = [], revision: expected }: Promotion = {}): Promise<void> {
    const wanted = [generation, ...together]
    await settled(async () => {
      const { generations: all, revision } = await this.read(stream)
      const targets = wanted.map((number) => this.#find(stream, all, number))
      if (targets.every(({ state }) => state === 'served')) return true
      for (const target of targets) if (target.state !== 'building') throw moved(stream, target, 'building')
      if (expected !== undefined && revision !== expected) throw outpaced(stream, generation)
      await this.#decide(`promoting generation ${wanted.join(', ')} of ${stream.name}`, [
        { cql: revise, params: [(revision ?? 0) + 1, ...key(stream), revision] },
        ...wanted.map((number) => ({ cql: serve, params: [Date.now(), ...key(stream), number] })),
        ...replacedBy(targets, all).map((other) => ({ cql: move, params: ['retired', ...key(stream), other.generation, 'served'] })),
      ])
      return undefined
    })
  }

  /** Gives a generation up: it will not be promoted, or its rows are no longer read. */
  async retire(stream: StreamKey, generation: number): Promise<void> {
    await this.#reach(stream, generation, 'retired', ({ state }) =>
      this.#decide(`retiring generation ${generation} of ${stream.name}`, [{ cql: move, params: ['retired', ...key(stream), generation, state] }]))
  }

  /** Says from which window start on a generation that is being built has seen every event. */
  async setFloor(stream: StreamKey, generation: number, from: number | null): Promise<void> {
    await settled(async () => {
      const target = this.#find(stream, await this.list(stream), generation)
      if (target.floor === from) return true
      if (target.state !== 'building') throw moved(stream, target, 'building')
      await this.#decide(`setting the floor of generation ${generation} of ${stream.name}`, [{ cql: floor, params: [from, ...key(stream), generation, 'building'] }])
      return undefined
    })
  }

  async #reach(stream: StreamKey, generation: number, goal: GenerationState, step: (target: Generation, all: readonly Generation[]) => Promise<void>): Promise<void> {
    await settled(async () => {
      const all = await this.list(stream)
      const target = this.#find(stream, all, generation)
      if (target.state === goal) return true
      await step(target, all)
      return undefined
    })
  }

  #find({ name }: StreamKey, all: readonly Generation[], generation: number): Generation {
    const found = all.find((other) => other.generation === generation)
    if (!found) throw new CassandraError('cassandra_generation_moved', `generation ${generation} of ${name}: there is none. Allocated are: ${all.map((other) => other.generation).join(', ') || 'none'}.`, { fields: { stream: name, generation } })
    return found
  }

  async #rows(stream: StreamKey): Promise<Row[]> {
    return this.session.execute(select, key(stream), { isSerial: true, action: `reading the generations of ${stream.name}` })
  }

  /** Whether it was applied is read in the next turn, which also settles a lost answer. */
  async #decide(action: string, statements: readonly Statement[]): Promise<void> {
    await this.session.decide(statements, { action })
  }
}

const mostTurns = 20

/**
 * Takes turns of reading and trying until the reading says that it is done. Others who decide in the same partition, and
 * answers that are late or lost, cost a turn each; the waits between them keep contenders apart.
 */
async function settled<T>(turn: () => Promise<T | undefined>): Promise<T> {
  const waits = backOff({ baseMs: 20, capMs: 1_000 })
  for (let turns = 1; ; turns += 1) {
    try {
      const result = await turn()
      if (result !== undefined) return result
      if (turns >= mostTurns) throw new CassandraError('cassandra_overloaded', `generations: others kept deciding for ${turns} turns. It is tried again.`)
    } catch (error) {
      const isLate = error instanceof CassandraError && (error.code === 'cassandra_outcome_unknown' || error.code === 'cassandra_timeout')
      if (!isLate || turns >= mostTurns) throw error
    }
    await systemClock.sleep(waits.next())
  }
}

const moved = ({ name }: StreamKey, { generation, state }: Generation, expected: GenerationState): CassandraError =>
  new CassandraError('cassandra_generation_moved', `generation ${generation} of ${name} is ${state}, expected ${expected}. Build a new generation: a number is never used again.`, { fields: { stream: name, generation, state } })

const outpaced = ({ name }: StreamKey, generation: number): CassandraError =>
  new CassandraError('cassandra_generation_moved', `generation ${generation} of ${name} was not promoted: another one was since it was decided. Decide again.`, { fields: { stream: name, generation } })

/** A static column: it stands in every row. */
const revisionIn = (rows: readonly Row[]): number | null => rows.map((row) => maybeNumber(row, 'revision')).find((number) => number !== null) ?? null

const generationsIn = (rows: readonly Row[]): Generation[] => rows.filter(isGeneration).map(generationOf)

/** A partition whose only content is its static column reads as one row without a generation. */
const isGeneration = (row: Row): boolean => maybeNumber(row, 'generation') !== null && maybeText(row, 'state') !== null

function generationOf(row: Row): Generation {
  const [from, to, included, promotedAt] = [maybeNumber(row, 'range_from'), maybeNumber(row, 'range_to'), maybeText(row, 'included'), maybeNumber(row, 'promoted_at')]
  const incarnation = maybeNumber(row, 'incarnation')
  return {
    generation: numberOf(row, 'generation'),
    kind: textOf(row, 'kind'),
    planHash: textOf(row, 'plan_hash'),
    checkpoint: textOf(row, 'checkpoint'),
    floor: maybeNumber(row, 'floor'),
    state: stateOf(textOf(row, 'state')),
    createdAt: numberOf(row, 'created_at'),
    ...(from !== null && to !== null && { range: { from, to } }),
    ...(included !== null && { included: JSON.parse(included) as IncludedCounts }),
    ...(promotedAt !== null && { promotedAt }),
    ...(incarnation !== null && incarnation > 0 && { incarnation }),
  }
}

function stateOf(text: string): GenerationState {
  if (text === 'building' || text === 'served' || text === 'retired') return text
  throw new CassandraError('cassandra_value_unreadable', `column state of generations: found '${text}', expected building, served or retired.`)
}

