/** What a key may do. `admin` may do everything. */
export const scopes = ['ingest:trigger', 'stream:control', 'query:read', 'admin'] as const
export type Scope = (typeof scopes)[number]

/**
 * Who may call a route: holders of a scope, or of any one of several; `open-read`, everybody while reading is open,
 * else holders of `query:read`; `public`, everybody always, which only health is. A route that says nothing is for
 * `admin` alone.
 */
export type Access = Scope | readonly Scope[] | 'open-read' | 'public'

/** Whose request this is. `anonymous` while reading is open and no key was sent. */
export interface Caller {
  readonly id: string
  readonly scopes: readonly Scope[]
}

export const anonymous: Caller = { id: 'anonymous', scopes: [] }
