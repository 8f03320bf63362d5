import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configureLog } from '@millrace/observability'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ProblemException } from '../http/problem-exception.ts'
import { decideAccess, type AccessQuestion } from './decide-access.ts'
import { KeyRing } from './key-ring.ts'
import { KeysFile } from './keys-file.ts'
import { parseKeys } from './parse-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'))
const lines: string[] = []
const restore = configureLog({ write: (line) => lines.push(line) })
afterAll(() => {
  restore()
  rmSync(folder, { recursive: true })
})
beforeEach(() => { lines.length = 0 })

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex')
const entry = (key: string, scopes: string[], expires: string | null = null): object => ({ id: key.split('.')[0], sha256: sha256(key), scopes, expires })
const ringOf = (...entries: object[]): KeyRing => new KeyRing(parseKeys(JSON.stringify(entries), 'spec'))
const nowMs = Date.parse('2026-01-01T00:00:00Z')

describe('KeyRing', () => {
  const ring = ringOf(entry('old.secret1', ['query:read']), entry('new.secret2', ['query:read']), entry('gone.secret3', ['admin'], '2025-12-31T23:59:59Z'), entry('soon.secret4', ['admin'], '2026-01-01T00:00:01Z'))

  it('knows two keys at once, so that one can replace the other', () => {
    expect([ring.find('old.secret1', nowMs)?.id, ring.find('new.secret2', nowMs)?.id]).toEqual(['old', 'new'])
  })

  it('forgets a key when it expires', () => {
    expect(ring.find('gone.secret3', nowMs)).toBeUndefined()
    expect(ring.find('soon.secret4', nowMs)?.id).toBe('soon')
    expect(ring.find('soon.secret4', nowMs + 1_000)).toBeUndefined()
  })

  it.each(['', 'old', 'old.', 'old.secret2', 'new.secret1', 'OLD.secret1', 'old.secret1 ', sha256('old.secret1')])('does not know %j', (key) => {
    expect(ring.find(key, nowMs)).toBeUndefined()
  })
})

describe('parseKeys', () => {
  it.each([
    ['{', 'is not JSON'], ['{}', 'is not a list'], ['[1]', 'entry 1 is not an object'],
    [JSON.stringify([{ ...entry('a.b', ['admin']), id: 'a b' }]), 'entry 1 has no id'],
    [JSON.stringify([entry('a.b', ['admin']), { ...entry('a.b', ['admin']), sha256: 'abc' }]), 'entry 2 has no sha256'],
    [JSON.stringify([entry('a.b', ['root'])]), 'has no scopes out of ingest:trigger'],
    [JSON.stringify([entry('a.b', [])]), 'has no scopes'],
    [JSON.stringify([{ ...entry('a.b', ['admin']), expires: 'never' }]), 'has an expiry that is neither null nor an instant'],
    [JSON.stringify([{ ...entry('a.b', ['admin']), expires: 5 }]), 'has an expiry'],
  ])('refuses %s', (text, message) => {
    expect(() => parseKeys(text, 'keys/verify.json')).toThrow(message)
  })
})

describe('KeysFile', () => {
  it('reads the file again when it changes, keeps the keys when it breaks, and lets nobody in when it is gone', () => {
    const path = join(folder, 'verify.json')
    const keys = new KeysFile(path)
    const isKnown = (key: string): boolean => keys.ring().find(key, nowMs) !== undefined
    expect(isKnown('a.secret')).toBe(false)
    writeFileSync(path, JSON.stringify([entry('a.secret', ['admin'])]))
    expect(isKnown('a.secret')).toBe(true)
    writeFileSync(path, JSON.stringify([entry('b.secret', ['admin']), entry('c.secret', ['admin'])]))
    expect([isKnown('a.secret'), isKnown('b.secret'), isKnown('c.secret')]).toEqual([false, true, true])
    writeFileSync(path, '[{')
    expect([isKnown('b.secret'), isKnown('b.secret')]).toEqual([true, true])
    expect(lines.filter((line) => line.includes('"level":"error"') && line.includes('is not JSON'))).toHaveLength(1)
    rmSync(path)
    expect(isKnown('b.secret')).toBe(false)
  })
})

describe('decideAccess', () => {
  const ring = ringOf(entry('t.secret', ['ingest:trigger']), entry('r.secret', ['query:read']), entry('a.secret', ['admin']))
  const ask = (question: Partial<AccessQuestion>): string => {
    try {
      return decideAccess({ access: 'ingest:trigger', read: 'key', authorization: undefined, ring: () => ring, nowMs, ...question }).id
    } catch (error) {
      if (error instanceof ProblemException) return String(error.problem.status)
      throw error
    }
  }

  it('lets in who holds the scope, or admin, and nobody else', () => {
    expect(ask({ authorization: 'Bearer t.secret' })).toBe('t')
    expect(ask({ authorization: 'bearer a.secret' })).toBe('a')
    expect(ask({ authorization: 'Bearer r.secret' })).toBe('403')
    expect(ask({})).toBe('401')
  })

  it('lets everybody read while reading is open, but tells a wrong key', () => {
    const open = { access: 'open-read', read: 'open' } as const
    expect(ask(open)).toBe('anonymous')
    expect(ask({ ...open, authorization: 'Bearer t.secret' })).toBe('t')
    expect(ask({ ...open, authorization: 'Bearer t.wrong' })).toBe('401')
    expect(ask({ access: 'open-read' })).toBe('401')
    expect(ask({ access: 'open-read', authorization: 'Bearer t.secret' })).toBe('403')
    expect(ask({ access: 'open-read', authorization: 'Bearer r.secret' })).toBe('r')
    expect(ask({ access: 'ingest:trigger', read: 'open' })).toBe('401')
  })

  it.each(['', 'Bearer', 'Bearer ', 'Bearer t', 'Bearer t.', 'Bearer .secret', 't.secret', 'Basic t.secret', 'Bearer  t.secret', 'Bearer t.secret, Bearer t.secret', 'Bearer t.secret\u0000', 'Bearer t%2Esecret', `Bearer t.${'x'.repeat(300)}`])('takes no %j', (authorization) => {
    expect(ask({ authorization })).toBe('401')
  })

  it('lets in who holds any one of several scopes', () => {
    const either = { access: ['ingest:trigger', 'stream:control'] } as const
    expect(ask({ ...either, authorization: 'Bearer t.secret' })).toBe('t')
    expect(ask({ ...either, authorization: 'Bearer a.secret' })).toBe('a')
    expect(ask({ ...either, authorization: 'Bearer r.secret' })).toBe('403')
    expect(ask({ ...either, read: 'open' })).toBe('401')
    expect(ask({ access: ['stream:control', 'query:read'], authorization: 'Bearer r.secret' })).toBe('r')
  })

  const refusal = (question: Partial<AccessQuestion>): { detail: string, challenge: string | undefined } => {
    try {
      decideAccess({ access: 'stream:control', read: 'key', authorization: undefined, ring: () => ring, nowMs, ...question })
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error
      return { detail: error.problem.detail, challenge: error.problem.headers?.['www-authenticate'] }
    }
    throw new Error('It was let in.')
  }

  it('says which scopes are enough, in the way of RFC 6750', () => {
    const either = { access: ['stream:control', 'query:read'] } as const
    expect(refusal({})).toEqual({ detail: 'Send the header "Authorization: Bearer <key>" with a key that has the scope stream:control.', challenge: 'Bearer realm="millrace", scope="stream:control"' })
    expect(refusal(either)).toEqual({ detail: 'Send the header "Authorization: Bearer <key>" with a key that has one of the scopes stream:control, query:read.', challenge: 'Bearer realm="millrace", scope="stream:control query:read"' })
    expect(refusal({ ...either, authorization: 'Bearer t.wrong' })).toMatchObject({ challenge: 'Bearer realm="millrace", error="invalid_token", scope="stream:control query:read"' })
    expect(refusal({ ...either, authorization: 'Bearer t.secret' })).toEqual({ detail: 'This needs a key that has one of the scopes stream:control, query:read.', challenge: 'Bearer realm="millrace", error="insufficient_scope", scope="stream:control query:read"' })
  })
})
