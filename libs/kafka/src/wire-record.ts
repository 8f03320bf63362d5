/** A record as it is sent: bytes, and headers as text. */
export interface WireRecord {
  readonly key: Buffer
  readonly value: Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Only where the key must not decide, as for progress markers. */
  readonly partition?: number
}

/** A record as it is read. */
export interface ReadRecord {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
  /** When the broker appended it, epoch milliseconds. */
  readonly timestamp: number
}
