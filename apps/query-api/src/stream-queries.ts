import { currentOf } from '@millrace/cassandra'
import { RequestRefused, streamAnswer, type StreamStatus } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { findStream } from './find-stream.ts'
import type { ServedGenerations } from './served-generations.ts'
import type { StreamStates } from './stores.ts'

type Answer = Readonly<Record<string, unknown>>

interface StreamSources {
  readonly catalogue: Catalogue
  readonly states: StreamStates
  readonly generations: ServedGenerations
  readonly clock: Pick<Clock, 'now'>
}

const untouched: Omit<StreamStatus, 'served'> = {
  highestEventTime: null, watermark: null, isPaused: false, published: {},
  counts: { fetched: 0, fresh: 0, repeated: 0, rejected: 0, late: 0, published: 0 },
}

/** Answers how far the streams are. */
export class StreamQueries {
  constructor(private readonly from: StreamSources) {}

  async list(): Promise<{ readonly data: readonly Answer[] }> {
    return { data: await Promise.all(this.from.catalogue.streams.map((stream) => this.#answer(stream))) }
  }

  /** Throws NothingDeclared or RequestRefused. */
  async one(name: string, parameters: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.#answer(findStream(this.from.catalogue, name, versionIn(parameters)))
  }

  async #answer(stream: StreamDeclaration): Promise<Answer> {
    const { states, generations, clock } = this.from
    const [state, served] = await Promise.all([states.read(stream), this.#served(stream, generations)])
    return streamAnswer(stream, { ...(state ?? untouched), served }, clock.now())
  }

  async #served(stream: StreamDeclaration, generations: ServedGenerations): Promise<StreamStatus['served']> {
    const newest = currentOf(await generations.served(stream))
    if (!newest) return null
    const progress = await generations.progress(stream, newest.generation)
    return { generation: newest.generation, finalUntil: progress?.finalUntil ?? null, stored: progress?.stored ?? {}, storedAt: progress?.storedAt ?? null }
  }
}

function versionIn({ version, ...others }: Readonly<Record<string, unknown>>): number | undefined {
  const wrong = Object.keys(others).map((parameter) => ({ parameter, in: 'query' as const, found: 'not a parameter', expected: 'version', cure: 'Leave it out.' }))
  const isNumber = typeof version === 'string' && /^[1-9]\d{0,8}$/.test(version)
  if (version !== undefined && !isNumber) wrong.push({ parameter: 'version', in: 'query', found: typeof version === 'string' ? `'${version}'` : 'given more than once', expected: 'a whole number from 1', cure: 'Leave it out for the newest.' })
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return isNumber ? Number(version) : undefined
}
