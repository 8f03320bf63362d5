import { createHmac, timingSafeEqual } from 'node:crypto'
import { PageTokenKeyRefused, RequestRefused } from './rest.errors.ts'
import type { TimeRange } from './view-query.ts'

/** What a token is good for: this query, asked by this caller. */
export interface TokenScope {
  readonly caller: string
  /** The route's path and the group it names. */
  readonly path: string
  readonly group: readonly unknown[] | null
  /** As asked, null where the default was taken. */
  readonly from: number | null
  readonly to: number | null
}

/** A generation of rows that a query reads, and the first window that it has wholly seen, or the only windows that it has. */
export interface ReadGeneration {
  readonly generation: number
  readonly floor: number | null
  /** It has the windows that lie wholly in it. Absent: all. */
  readonly range?: TimeRange
  /** How many late events it counts, by the first instant of the hour; not part of a token. */
  readonly included?: Readonly<Record<string, number>>
}

/** Where the next page begins. The range and the generations are kept, so all pages of a query show one state. */
export interface PageStart {
  readonly range: TimeRange
  readonly generations: readonly ReadGeneration[]
  /** Where the store continues; opaque here. */
  readonly after: string
}

const shape = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/
const longestToken = 6_000

/**
 * Page tokens: `<state>.<HMAC-SHA-256>`, both base64url. A token is refused unless this service made it for the same
 * query and the same caller, so its state may be trusted.
 */
export class PageTokens {
  readonly #key: Buffer

  constructor(key: Buffer) {
    if (key.length < 32) throw new PageTokenKeyRefused(key.length)
    this.#key = key
  }

  sign(scope: TokenScope, { range, generations, after }: PageStart): string {
    const state = Buffer.from(JSON.stringify([range.from, range.to, generations.map(({ generation, floor, range: only }) => (only ? [generation, floor, only.from, only.to] : [generation, floor])), after])).toString('base64url')
    return `${state}.${this.#mac(scope, state).toString('base64url')}`
  }

  /** Throws RequestRefused for a token that was changed, made up, or given for another query or caller. */
  verify(scope: TokenScope, token: string): PageStart {
    const [, state, mac] = token.length <= longestToken ? (shape.exec(token) ?? []) : []
    if (state === undefined || mac === undefined || !this.#isMac(scope, state, mac))
      throw new RequestRefused([{ parameter: 'cursor', in: 'query', found: 'not a token of this query', expected: 'the page.next of an answer to the same path, from and to, asked with the same key', cure: 'Begin again without cursor.' }])
    const [from, to, generations, after] = JSON.parse(Buffer.from(state, 'base64url').toString()) as [number, number, [number, number | null, number?, number?][], string]
    return { range: { from, to }, generations: generations.map(([generation, floor, first, end]) => ({ generation, floor, ...(first !== undefined && end !== undefined && { range: { from: first, to: end } }) })), after }
  }

  #isMac(scope: TokenScope, state: string, mac: string): boolean {
    const given = Buffer.from(mac, 'base64url')
    // The last character carries two bits that mean nothing: only the canonical text is accepted.
    return given.toString('base64url') === mac && timingSafeEqual(given, this.#mac(scope, state))
  }

  #mac({ caller, path, group, from, to }: TokenScope, state: string): Buffer {
    return createHmac('sha256', this.#key).update(JSON.stringify(['page-token-1', caller, path, group, from, to, state])).digest()
  }
}
