import { serviceProblem } from '../http/service.problems.ts'
import type { KeyRing } from './key-ring.ts'
import { anonymous, type Access, type Caller, type Scope } from './scope.ts'

export interface AccessQuestion {
  readonly access: Access
  /** `open` lets everybody read what is `open-read`. */
  readonly read: 'open' | 'key'
  /** The Authorization header as it came. */
  readonly authorization: string | undefined
  readonly ring: () => KeyRing
  readonly nowMs: number
}

/**
 * Lets a request in and says whose it is, or throws a problem: 401 without a valid key, 403 with one of other scopes,
 * both with the scopes of which one is enough (RFC 6750, section 3).
 * A key that is sent must be valid even where none is needed: a wrong key is a mistake its sender wants to know of.
 */
export function decideAccess({ access, read, authorization, ring, nowMs }: AccessQuestion): Caller {
  if (access === 'public') return anonymous
  const sufficient = scopesOf(access)
  const isOpen = access === 'open-read' && read === 'open'
  if (authorization === undefined && isOpen) return anonymous
  const presented = /^Bearer ([\w-]{1,64}\.[\w-]{1,256})$/i.exec(authorization ?? '')?.[1]
  const key = presented === undefined ? undefined : ring().find(presented, nowMs)
  if (key === undefined) {
    throw serviceProblem('key_required', {
      detail: `${authorization === undefined ? '' : 'The key is not known or has expired. '}Send the header "Authorization: Bearer <key>" with a key that has ${named(sufficient)}.`,
      headers: { 'www-authenticate': challenge(sufficient, authorization === undefined ? undefined : 'invalid_token') },
    })
  }
  if (!isOpen && !key.scopes.some((scope) => scope === 'admin' || sufficient.includes(scope))) {
    throw serviceProblem('scope_missing', {
      detail: `This needs a key that has ${named(sufficient)}.`,
      headers: { 'www-authenticate': challenge(sufficient, 'insufficient_scope') },
    })
  }
  return { id: key.id, scopes: key.scopes }
}

/** The scopes of which any one lets a caller in. */
function scopesOf(access: Exclude<Access, 'public'>): readonly Scope[] {
  if (access === 'open-read') return ['query:read']
  return typeof access === 'string' ? [access] : access
}

const named = (sufficient: readonly Scope[]): string =>
  sufficient.length === 1 ? `the scope ${sufficient.join('')}` : `one of the scopes ${sufficient.join(', ')}`

/** No error where no key was sent: RFC 6750 keeps it for keys that were refused. */
const challenge = (sufficient: readonly Scope[], error: 'invalid_token' | 'insufficient_scope' | undefined): string =>
  `Bearer realm="millrace", ${error === undefined ? '' : `error="${error}", `}scope="${sufficient.join(' ')}"`
