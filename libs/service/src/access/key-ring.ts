import { createHash, timingSafeEqual } from 'node:crypto'
import type { Scope } from './scope.ts'

/** A key as the service knows it: never the key itself, only the SHA-256 of its text `<id>.<secret>`. */
export interface KeyEntry {
  readonly id: string
  readonly sha256: Buffer
  readonly scopes: readonly Scope[]
  /** Epoch milliseconds; null never expires. */
  readonly expires: number | null
}

/** The keys in force. Several may be valid at once, so that one can be replaced without a gap. */
export class KeyRing {
  constructor(private readonly entries: readonly KeyEntry[]) {}

  /**
   * The entry of a presented key, or undefined. Every entry is compared in constant time whatever the others say:
   * the time of an answer tells nothing about ids or hashes.
   */
  find(presented: string, nowMs: number): KeyEntry | undefined {
    const digest = createHash('sha256').update(presented).digest()
    let found: KeyEntry | undefined
    for (const entry of this.entries) {
      const isEqual = timingSafeEqual(entry.sha256, digest)
      if (isEqual && (entry.expires === null || entry.expires > nowMs)) found = entry
    }
    return found
  }
}
