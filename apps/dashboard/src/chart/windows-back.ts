/** How far back a chart may go, and as far as rows are kept in memory. */
const choices = [24, 60, 120, 240] as const

/** A feed reaches back 64 partitions, of a day each where windows are long, and never less than 24 windows. */
const longestMs = 64 * 86_400_000

/** How many windows a chart of such windows may go back. */
export const windowChoices = (slideMs: number): readonly number[] => choices.filter((windows) => windows === choices[0] || windows * slideMs <= longestMs)

/** What was asked for where it is one of the choices; else an hour of minutes, or what comes nearest. */
export function windowsBack(asked: number | null, slideMs: number): number {
  const possible = windowChoices(slideMs)
  if (asked !== null && possible.includes(asked)) return asked
  return possible.includes(60) ? 60 : choices[0]
}
