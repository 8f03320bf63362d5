import { hash, randomUUID } from 'node:crypto'
import { ProblemException } from './problem-exception.ts'
import type { RateLimit } from './rate-limit.ts'

/** What an idempotency key stands for. */
export interface ClaimedRequest {
  readonly caller: string
  readonly key: string
  /** A digest of everything that the request asks for. */
  readonly fingerprint: string
  /** Of what the request has begun. */
  readonly id: string
}

export interface RequestKeys {
  find(caller: string, key: string): Promise<ClaimedRequest | null>
  /** Enters the key unless it is there; answers the entry that holds. */
  claim(entry: ClaimedRequest): Promise<ClaimedRequest>
}

export interface RequestToClaim {
  readonly keys: RequestKeys
  /** New requests a caller; repeats of a known key are free. */
  readonly limit: Pick<RateLimit, 'take'>
  readonly caller: string
  /** The header as it came. */
  readonly key: string | undefined
  /** Everything that the request asks for, as plain data. */
  readonly asked: unknown
  /** Looked at before a new request is entered: one that is refused, by throwing, leaves its key unused. */
  readonly admit?: () => Promise<void>
}

/**
 * The id that a request with this idempotency key has, now or since before: the same key and request always have the
 * same one. Throws a problem: 400 without a key, 422 for a key that stands for another request, 429 for too many.
 */
export async function claimRequest({ keys, limit, caller, key, asked, admit }: RequestToClaim): Promise<{ id: string; isNew: boolean }> {
  if (key === undefined || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new ProblemException({ status: 400, code: 'idempotency_key_required', title: 'An idempotency key is needed', detail: 'Send the header "Idempotency-Key" with 1 to 200 printable characters of your choice, the same again when you repeat the request.' })
  }
  const fingerprint = hash('sha256', JSON.stringify(asked))
  const known = await keys.find(caller, key)
  if (!known) {
    limit.take(caller)
    await admit?.()
  }
  const mine = randomUUID()
  const entry = known ?? (await keys.claim({ caller, key, fingerprint, id: mine }))
  if (entry.fingerprint !== fingerprint) {
    throw new ProblemException({ status: 422, code: 'idempotency_key_used', title: 'The idempotency key stands for another request', detail: 'This Idempotency-Key was sent before with another stream or body. Send a new key for a new request.' })
  }
  return { id: entry.id, isNew: entry.id === mine }
}
