import { serviceError } from '../service.errors.ts'
import type { KeyEntry } from './key-ring.ts'
import { scopes, type Scope } from './scope.ts'

/** The entries of a keys file: `[{ "id", "sha256", "scopes", "expires" }]`. Refuses the whole file for one wrong entry. */
export function parseKeys(text: string, where: string): KeyEntry[] {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw refused(where, 'is not JSON', cause)
  }
  if (!Array.isArray(data)) throw refused(where, 'is not a list')
  return data.map((entry: unknown, index) => parseEntry(entry, `${where}, entry ${index + 1}`))
}

function parseEntry(entry: unknown, where: string): KeyEntry {
  if (typeof entry !== 'object' || entry === null) throw refused(where, 'is not an object')
  const { id, sha256, scopes: named, expires = null } = entry as Record<string, unknown>
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) throw refused(where, 'has no id of 1 to 64 letters, digits, _ or -')
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) throw refused(where, 'has no sha256 of 64 hexadecimal digits')
  if (!Array.isArray(named) || named.length === 0 || !named.every((scope) => scopes.includes(scope as Scope))) {
    throw refused(where, `has no scopes out of ${scopes.join(', ')}`)
  }
  const expiresMs = expires === null ? null : typeof expires === 'string' ? Date.parse(expires) : Number.NaN
  if (Number.isNaN(expiresMs)) throw refused(where, 'has an expiry that is neither null nor an instant such as 2030-01-01T00:00:00Z')
  return { id, sha256: Buffer.from(sha256, 'hex'), scopes: named as Scope[], expires: expiresMs }
}

function refused(where: string, what: string, cause?: unknown): Error {
  return serviceError('keys_file_invalid', `${where} ${what}. Expected [{"id","sha256","scopes","expires"}]; \`npm start\` writes such a file at its first start.`, { cause })
}
