import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { PageTokens, type TokenScope } from './page-tokens.ts'
import { PageTokenKeyRefused, RequestRefused } from './rest.errors.ts'

const tokens = new PageTokens(randomBytes(32))
const scope: TokenScope = { caller: 'read-1', path: '/v1/earthquakes/per-hour/{network}', group: ['ci'], from: null, to: 5 }
const page = { range: { from: 1, to: 5 }, generations: [{ generation: 2, floor: 7 }, { generation: 1, floor: null }], after: 'opaque "state" ü' }

describe('a page token', () => {
  it('gives back what was signed', () => {
    expect(tokens.verify(scope, tokens.sign(scope, page))).toEqual(page)
    const ranged = { ...page, generations: [{ generation: 3, floor: null, range: { from: -2, to: 9 } }, ...page.generations] }
    expect(tokens.verify(scope, tokens.sign(scope, ranged))).toEqual(ranged)
  })

  it.each<[string, Partial<TokenScope>]>([
    ['caller', { caller: 'read-2' }],
    ['path', { path: '/v1/earthquakes/per-hour' }],
    ['group', { group: ['nc'] }],
    ['kind of group', { group: null }],
    ['from', { from: 0 }],
    ['to', { to: null }],
  ])('is refused for another %s', (_, other) => {
    expect(() => tokens.verify({ ...scope, ...other }, tokens.sign(scope, page))).toThrow(RequestRefused)
  })

  it('is refused when any one character is changed, added or left out', () => {
    const token = tokens.sign(scope, page)
    for (let at = 0; at < token.length; at++) {
      const flipped = token[at] === 'A' ? 'B' : 'A'
      for (const forged of [token.slice(0, at) + flipped + token.slice(at + 1), token.slice(0, at) + token.slice(at + 1), `${token.slice(0, at)}A${token.slice(at)}`])
        if (forged !== token) expect(() => tokens.verify(scope, forged)).toThrow(RequestRefused)
    }
  })

  it('is refused when only bits that mean nothing are changed', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const token = tokens.sign(scope, page)
    const twin = token.slice(0, -1) + (letters[letters.indexOf(token.at(-1) ?? '') ^ 1] ?? '')
    expect(Buffer.from(twin.split('.')[1] ?? '', 'base64url')).toEqual(Buffer.from(token.split('.')[1] ?? '', 'base64url'))
    expect(() => tokens.verify(scope, twin)).toThrow(RequestRefused)
  })

  it.each(['', '.', 'a', 'a.b', `e30.${'A'.repeat(43)}`, `${'A'.repeat(7_000)}.${'A'.repeat(43)}`, 'null', '{}', '__proto__.__proto__'])("is refused when it is made up: '%s'", (forged) => {
    expect(() => tokens.verify(scope, forged)).toThrow(RequestRefused)
  })

  it('is refused by a service with another key', () => {
    expect(() => new PageTokens(randomBytes(32)).verify(scope, tokens.sign(scope, page))).toThrow(RequestRefused)
  })

  it('never shows the token in the refusal', () => {
    expect(() => tokens.verify(scope, 'secret-looking')).toThrow(/^(?!.*secret-looking)/)
  })

  it('needs a key of 256 bits', () => {
    expect(() => new PageTokens(randomBytes(31))).toThrow(PageTokenKeyRefused)
  })
})
