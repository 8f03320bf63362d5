import { eventWindowAnswer, lateAnswer, letterRange, NothingDeclared, readLateCountsQuery, readLateId, readLateQuery, readOneQuery, tally, versionIn, type AskedWindow, type LateQuery, type LetterCounts, type PageTokens, type StoredLate, type TokenScope } from '@millrace/rest'
import type { Clock } from '@millrace/service'
import { keptEvent, windowsOf, type Catalogue, type EventWindow, type StreamDeclaration } from '@millrace/stream-kit'
import { findStream } from '../find-stream.ts'
import type { StreamStates } from '../stores.ts'
import { countsAnswer, pageStart, signed } from './letter-pages.ts'
import type { KeptLetters } from './kept-letters.ts'

export interface LetterQuestion {
  readonly stream: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly caller: string
}

export interface LetterSources {
  readonly catalogue: Catalogue
  readonly letters: KeptLetters
  readonly states: StreamStates
  readonly tokens: PageTokens
  readonly clock: Pick<Clock, 'now'>
}

type Answer = Readonly<Record<string, unknown>>

/** Letters whose bytes are read for one answer of counts by window. */
const mostRead = 2_000

/** Answers which events came too late. Throws NothingDeclared or RequestRefused. */
export class LateQueries {
  constructor(private readonly from: LetterSources) {}

  async list({ stream: name, parameters, caller }: LetterQuestion): Promise<Answer> {
    const { stream, query } = this.#read(name, parameters, readLateQuery)
    const scope = scopeOf(stream, query, { caller, path: 'late' })
    const { range, after } = await this.#start(stream, query, scope)
    const { letters, next } = await this.from.letters.late({ stream, range, after, limit: query.limit, isWanted: isWanted(stream, query) })
    return { data: letters.map((letter) => lateAnswer(letter)), page: signed(this.from.tokens, scope, { range, next }) }
  }

  async counts({ stream: name, parameters, caller }: LetterQuestion): Promise<LetterCounts> {
    const { stream, query } = this.#read(name, parameters, readLateCountsQuery)
    const scope = scopeOf(stream, query, { caller, path: 'late/counts' })
    const { range, after } = await this.#start(stream, query, scope)
    const { view } = query
    if (view === null) {
      const { letters, next } = await this.from.letters.lateReasons({ stream, range, after })
      return countsAnswer(range, letters, signed(this.from.tokens, scope, { range, next }))
    }
    const { letters, next } = await this.from.letters.late({ stream, range, after, limit: mostRead, isWanted: () => true })
    const windows = letters.map((letter) => windowsOfLetter(stream, letter).filter((window) => window.view.name === view))
    return { ...countsAnswer(range, letters.map(({ reason }) => ({ reason, isRedriven: false })), signed(this.from.tokens, scope, { range, next })), ...byWindow(stream, windows) }
  }

  async one({ stream: name, parameters }: LetterQuestion, id: string): Promise<Answer> {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    readOneQuery(parameters)
    const letter = await this.from.letters.lateOne(stream, readLateId(id))
    if (!letter) throw new NothingDeclared('There is no late event of that id, or it has outlived its time.', [`/v1/streams/${stream.name}/late`])
    return { ...lateAnswer(letter, Infinity), windows: windowsOfLetter(stream, letter).map((window) => eventWindowAnswer(stream, window)) }
  }

  #read(name: string, parameters: LetterQuestion['parameters'], read: typeof readLateQuery): { readonly stream: StreamDeclaration; readonly query: LateQuery } {
    const stream = findStream(this.from.catalogue, name, versionIn(parameters))
    return { stream, query: read(stream, parameters) }
  }

  async #start(stream: StreamDeclaration, query: LateQuery, scope: TokenScope) {
    const { states, tokens, clock } = this.from
    return await pageStart(tokens, scope, query, async () => letterRange(query, ((await states.read(stream))?.highestEventTime ?? clock.now()) + 1))
  }
}

const scopeOf = ({ name, version }: StreamDeclaration, { from, to, reason, window, view }: LateQuery, { caller, path }: Pick<TokenScope, 'caller' | 'path'>): TokenScope =>
  ({ caller, path: `/v1/streams/{stream}/${path}`, group: [name, version, reason, window, view], from, to })

const isWanted = (stream: StreamDeclaration, { reason, window }: LateQuery) => (letter: StoredLate): boolean =>
  (reason === null || letter.reason === reason) && (window === null || windowsOfLetter(stream, letter).some((one) => isOf(window, one)))

const isOf = ({ view, start, group }: AskedWindow, window: EventWindow): boolean => window.view.name === view && window.start === start && JSON.stringify(window.group) === JSON.stringify(group)

/** None where the bytes were kept only in part. */
function windowsOfLetter(stream: StreamDeclaration, { origin, value }: StoredLate): EventWindow[] {
  const event = keptEvent(stream, { origin, text: value.toString() })
  return event ? windowsOf(stream, event) : []
}

function byWindow(stream: StreamDeclaration, windows: readonly (readonly EventWindow[])[]): Pick<LetterCounts, 'byWindow' | 'withoutWindow'> {
  const all = windows.flat().map((window) => eventWindowAnswer(stream, window)).sort((a, b) => b.start.localeCompare(a.start) || a.path.localeCompare(b.path))
  const counts = tally(all.map(({ path }) => path))
  const distinct = [...new Map(all.map((window) => [window.path, window])).values()]
  return { byWindow: distinct.map((window) => ({ ...window, letters: counts[window.path] ?? 0 })), withoutWindow: windows.filter((of) => of.length === 0).length }
}
