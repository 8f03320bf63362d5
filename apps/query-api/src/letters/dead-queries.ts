import { deadAnswer, letterRange, NothingDeclared, readDeadCountsQuery, readDeadId, readDeadQuery, readOneQuery, versionIn, type DeadQuery, type LetterCounts, type StoredDead, type TokenScope } from '@millrace/rest'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { findStream } from '../find-stream.ts'
import type { LetterQuestion, LetterSources } from './late-queries.ts'
import { countsAnswer, pageStart, signed } from './letter-pages.ts'

type Answer = Readonly<Record<string, unknown>>

/** Answers what could become no event or no row. Throws NothingDeclared or RequestRefused. */
export class DeadQueries {
  constructor(private readonly from: Omit<LetterSources, 'states'>) {}

  async list({ stream: name, parameters, caller }: LetterQuestion): Promise<Answer> {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    const query = readDeadQuery(parameters)
    const scope = scopeOf(stream, query, { caller, path: 'dead-letters' })
    const { range, after } = await this.#start(query, scope)
    const { letters, next } = await this.from.letters.dead({ stream, range, after, limit: query.limit, isWanted: isWanted(query) })
    return { data: letters.map((letter) => deadAnswer(letter)), page: signed(this.from.tokens, scope, { range, next }) }
  }

  async counts({ stream: name, parameters, caller }: LetterQuestion): Promise<LetterCounts> {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    const query = readDeadCountsQuery(parameters)
    const scope = scopeOf(stream, query, { caller, path: 'dead-letters/counts' })
    const { range, after } = await this.#start(query, scope)
    const { letters, next } = await this.from.letters.deadReasons({ stream, range, after })
    const redriven = letters.filter(({ isRedriven }) => isRedriven).length
    return { ...countsAnswer(range, letters, signed(this.from.tokens, scope, { range, next })), byState: { open: letters.length - redriven, redriven } }
  }

  async one({ stream: name, parameters }: LetterQuestion, id: string): Promise<Answer> {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    readOneQuery(parameters)
    const letter = await this.from.letters.deadOne(stream, readDeadId(id))
    if (!letter) throw new NothingDeclared('There is no dead letter of that id, or it has outlived its time.', [`/v1/streams/${stream.name}/dead-letters`])
    return { ...deadAnswer(letter, Infinity) }
  }

  async #start(query: DeadQuery, scope: TokenScope) {
    const { tokens, clock } = this.from
    return await pageStart(tokens, scope, query, () => letterRange(query, clock.now() + 1))
  }
}

const scopeOf = ({ name, version }: StreamDeclaration, { from, to, reason, state }: DeadQuery, { caller, path }: Pick<TokenScope, 'caller' | 'path'>): TokenScope =>
  ({ caller, path: `/v1/streams/{stream}/${path}`, group: [name, version, reason, state], from, to })

const isWanted = ({ reason, state }: DeadQuery) => (letter: StoredDead): boolean =>
  (reason === null || letter.reason === reason) && (state === 'all' || (state === 'redriven') === (letter.redriven !== null))
