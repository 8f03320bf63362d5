import { hash, randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { RateLimit } from './rate-limit.ts'
import { serviceProblem } from './service.problems.ts'

/** What an idempotency key stands for. */
export interface ClaimedRequest {
  readonly caller: string
  readonly key: string
  /** A digest of everything that the request asks for. */
  readonly fingerprint: string
  /** Of what the request has begun. */
  readonly id: string
  /** Epoch milliseconds: when the key was entered, by whichever instance. */
  readonly createdAt: number
}

export interface RequestKeys {
  find(caller: string, key: string): Promise<ClaimedRequest | null>
  /** Enters the key unless it is there; answers the entry that holds. */
  claim(entry: ClaimedRequest): Promise<ClaimedRequest>
}

export interface RequestToClaim {
  readonly keys: RequestKeys
  /** New requests a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take' | 'giveBack'>
  readonly clock: Pick<Clock, 'now'>
  readonly caller: string
  /** The header as it came. */
  readonly key: string | undefined
  /** Everything that the request asks for, as plain data. */
  readonly asked: unknown
  /** Asked before a key is claimed: what it refuses, by throwing, leaves the key unused. */
  readonly admit: () => Promise<void>
  /** Makes the id of a new request. */
  readonly newId?: () => string
}

/**
 * The id that a request with this idempotency key has, now or since before: the same key and request always have the
 * same one. Throws a problem: 400 without a key, 422 for a key that stands for another request, 429 for too many.
 */
export async function claimRequest({ key, asked, ...rest }: RequestToClaim): Promise<Pick<ClaimedRequest, 'id' | 'createdAt'> & { readonly isNew: boolean }> {
  if (key === undefined || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw serviceProblem('idempotency_key_required', { detail: 'Send the header "Idempotency-Key" with 1 to 200 printable characters of your choice, the same again when you repeat the request.' })
  }
  const fingerprint = hash('sha256', JSON.stringify(asked))
  const { entry, isNew } = await claimKey({ ...rest, key, fingerprint })
  if (entry.fingerprint !== fingerprint) {
    throw serviceProblem('idempotency_key_used', { detail: 'This Idempotency-Key was sent before with another stream or body. Send a new key for a new request.' })
  }
  return { id: entry.id, createdAt: entry.createdAt, isNew }
}

type KeyToClaim = Omit<RequestToClaim, 'key' | 'asked'> & Pick<ClaimedRequest, 'key' | 'fingerprint'>

/**
 * The entry that holds. A new request counts against the caller's limit, on the instance that has claimed it. Whoever
 * finds the key claimed by another has taken nothing, also where he learns it only when the limit turns him away.
 */
async function claimKey({ keys, limit, clock, caller, key, fingerprint, admit, newId = randomUUID }: KeyToClaim): Promise<{ readonly entry: ClaimedRequest; readonly isNew: boolean }> {
  const known = await keys.find(caller, key)
  if (known) return { entry: known, isNew: false }
  await admit()
  try {
    limit.take(caller)
  } catch (tooMany) {
    const entry = await keys.find(caller, key)
    if (entry) return { entry, isNew: false }
    throw tooMany
  }
  const mine: ClaimedRequest = { caller, key, fingerprint, id: newId(), createdAt: clock.now() }
  let isNew = false
  try {
    const entry = await keys.claim(mine)
    isNew = entry.id === mine.id
    return { entry, isNew }
  } finally {
    if (!isNew) limit.giveBack(caller)
  }
}
