import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@millrace/service'

export interface TestKeys {
  /** For MILLRACE_KEYS_FILE. */
  readonly file: string
  /** The Authorization header of a key with just this scope. */
  bearer(scope: Scope | 'expired'): string
  remove(): void
}

const kinds = { 'ingest:trigger': 'trigger', 'stream:control': 'control', 'query:read': 'read', admin: 'admin', expired: 'expired' } as const

/** A keys file with one fresh key for each scope, and one of all scopes that has expired. */
export function testKeys(): TestKeys {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'))
  const file = join(folder, 'verify.json')
  const keys = new Map(Object.entries(kinds).map(([scope, id]) => [scope, `${id}.${randomBytes(32).toString('base64url')}`]))
  writeFileSync(file, JSON.stringify([...keys].map(([scope, key]) => ({
    id: key.split('.')[0],
    sha256: createHash('sha256').update(key).digest('hex'),
    scopes: scope === 'expired' ? ['ingest:trigger', 'stream:control', 'query:read', 'admin'] : [scope],
    expires: scope === 'expired' ? '2020-01-01T00:00:00Z' : null,
  }))), { mode: 0o600 })
  return {
    file,
    bearer: (scope) => `Bearer ${keys.get(scope) ?? ''}`,
    remove: () => { rmSync(folder, { recursive: true, force: true }) },
  }
}
