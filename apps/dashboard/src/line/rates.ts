/** What has gone through three places of the line. */
export interface Passed {
  readonly fetched: number
  readonly published: number
  readonly stored: number
}

/** What had passed at an instant, epoch milliseconds. */
export interface PassedAt {
  readonly at: number
  readonly passed: Passed
}

/** A rate is that of the last seconds: long enough to be steady, short enough to be now. */
const overMs = 10_000

/** The looks that a rate needs: those of the last seconds, and one before them. */
export function remember(seen: readonly PassedAt[], now: PassedAt): readonly PassedAt[] {
  const first = seen[0]
  const isAnew = first !== undefined && now.passed.fetched < first.passed.fetched
  const kept = isAnew ? [] : seen.filter(({ at }, index) => at > now.at - overMs || (seen[index + 1]?.at ?? Infinity) > now.at - overMs)
  return [...kept, now]
}

/** How many a second, between the first and the last of what was seen; null while that is one look. */
export function ratePerSecond(seen: readonly PassedAt[], name: keyof Passed): number | null {
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last || last.at <= first.at) return null
  return Math.max(0, (last.passed[name] - first.passed[name]) / ((last.at - first.at) / 1_000))
}
