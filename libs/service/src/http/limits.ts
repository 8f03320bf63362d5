/** What every worker accepts over HTTP, and for how long. `limits.spec.ts` tries each of them on a real socket. */
export const limits = {
  bodyBytes: 16 * 1024,
  headerBytes: 16 * 1024,
  urlBytes: 8 * 1024,
  paramCharacters: 1_000,
  /** A client has this long to send all its headers. */
  headersMs: 10_000,
  /** A client has this long to send the whole request. */
  requestMs: 30_000,
  /** An idle connection is kept this long. */
  keepAliveMs: 5_000,
  /** How often the two above are looked at. */
  checkEveryMs: 1_000,
} as const
