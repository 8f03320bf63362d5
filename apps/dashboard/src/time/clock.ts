/** Time as the page takes it, so that a test can be its master. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Runs something once, later; what it returns calls it off. */
  after(ms: number, run: () => void): () => void
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => { clearTimeout(timer) }
  },
}
