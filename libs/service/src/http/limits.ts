export interface Limits {
  readonly bodyBytes: number
  readonly headerBytes: number
  readonly urlBytes: number
  readonly paramCharacters: number
  /** A client has this long to send all its headers. */
  readonly headersMs: number
  /** A client has this long to send the whole request. */
  readonly requestMs: number
  /** An idle connection is kept this long. */
  readonly keepAliveMs: number
  /** How often the times above are looked at. */
  readonly checkEveryMs: number
}

/** What every worker accepts over HTTP, and for how long. `limits.spec.ts` tries each of them on a real socket. */
export const limits: Limits = {
  bodyBytes: 16 * 1024,
  headerBytes: 16 * 1024,
  urlBytes: 8 * 1024,
  paramCharacters: 1_000,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  checkEveryMs: 1_000,
}
