import { ProblemException } from '../http/problem-exception.ts'
import type { KeyRing } from './key-ring.ts'
import { anonymous, type Access, type Caller } from './scope.ts'

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
 * Lets a request in and says whose it is, or throws a problem: 401 without a valid key, 403 with one of another scope.
 * A key that is sent must be valid even where none is needed: a wrong key is a mistake its sender wants to know of.
 */
export function decideAccess({ access, read, authorization, ring, nowMs }: AccessQuestion): Caller {
  if (access === 'public') return anonymous
  const needed = access === 'open-read' ? 'query:read' : access
  const isOpen = access === 'open-read' && read === 'open'
  if (authorization === undefined && isOpen) return anonymous
  const presented = /^Bearer ([\w-]{1,64}\.[\w-]{1,256})$/i.exec(authorization ?? '')?.[1]
  const key = presented === undefined ? undefined : ring().find(presented, nowMs)
  if (key === undefined) {
    throw new ProblemException({
      status: 401, code: 'key_required', title: 'A valid key is needed',
      detail: authorization === undefined ? 'Send the header "Authorization: Bearer <key>".' : 'The key is not known or has expired. Send the header "Authorization: Bearer <key>" with a valid key.',
      headers: { 'www-authenticate': `Bearer realm="millrace", scope="${needed}"` },
    })
  }
  if (!isOpen && !key.scopes.includes(needed) && !key.scopes.includes('admin')) {
    throw new ProblemException({ status: 403, code: 'scope_missing', title: 'The key may not do this', detail: `This needs a key with the scope ${needed}.` })
  }
  return { id: key.id, scopes: key.scopes }
}
