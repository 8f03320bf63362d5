/** How long to wait before the next try: longer after each failure, never all pages at the same instant, never sooner than was asked for. */
export interface BackOff {
  readonly firstMs: number
  readonly mostMs: number
  /** From 0 to 1. */
  readonly random: () => number
}

export function backOffMs(failures: number, { firstMs, mostMs, random }: BackOff, askedMs: number | null = null): number {
  const grown = Math.min(mostMs, firstMs * 2 ** Math.max(0, failures - 1))
  return Math.max(askedMs ?? 0, Math.round(grown * (0.75 + 0.5 * random())))
}
