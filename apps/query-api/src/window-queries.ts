import { findRoute, PageTokens, readViewQuery, timeRange, type FoundRoute, type PageAnswer, type PageStart, type ReadGeneration, type TimeRange, type TokenScope, type ViewQuery } from '@millrace/rest'
import type { Catalogue } from '@millrace/stream-kit'
import { Inject, Injectable } from '@nestjs/common'
import { CATALOGUE } from './catalogue.provider.ts'
import { ServedGenerations } from './served-generations.ts'
import { StreamStates } from './stores.ts'
import { ViewRows } from './view-rows.ts'

export interface WindowQuestion {
  /** As it came, still encoded. */
  readonly path: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly caller: string
}

/** A generation of a range that has nothing to do with what is read would only make the token longer. */
const mayCountIn = ({ from, to }: TimeRange) => ({ range }: ReadGeneration): boolean => range === undefined || (range.from < to && range.to > from)

const nothing: PageAnswer = { data: [], page: { next: null } }

/** Answers what is asked of a view. Throws what libs/rest throws for a question that cannot be read. */
@Injectable()
export class WindowQueries {
  constructor(
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    private readonly rows: ViewRows,
    private readonly streams: StreamStates,
    private readonly generations: ServedGenerations,
    private readonly tokens: PageTokens,
  ) {}

  async answer({ path, parameters, caller }: WindowQuestion): Promise<PageAnswer> {
    const found = findRoute(this.catalogue, path)
    const query = readViewQuery(found.route.view, parameters)
    const scope: TokenScope = { caller, path: found.route.path, group: found.group, from: query.from, to: query.to }
    const start = query.cursor === null ? await this.#firstPage(found, query) : this.tokens.verify(scope, query.cursor)
    if (start === null) return nothing

    const { route, group } = found
    const { range, generations, after } = start
    const { rows, next } = await this.rows.read({ route, group, range, generations, limit: query.limit, after: after === '' ? null : after })
    return {
      data: rows.map((row) => row.answer),
      page: { next: next === null ? null : this.tokens.sign(scope, { range, generations, after: next }) },
    }
  }

  /** Null where there can be no window: nothing is served yet, or no event has come. */
  async #firstPage({ route: { stream, view } }: FoundRoute, query: ViewQuery): Promise<PageStart | null> {
    const [generations, state] = await Promise.all([this.generations.served(stream), query.to === null ? this.streams.read(stream) : null])
    const range = timeRange(view, query, state?.highestEventTime ?? null)
    return range === null || range.from >= range.to || generations.length === 0 ? null : { range, generations: generations.filter(mayCountIn(range)), after: '' }
  }
}
