const units = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]] as const

/** A length of time in its two greatest units: `350 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 d 4 h`. */
export function durationText(ms: number): string {
  const length = Math.max(0, ms)
  if (length < 1_000) return `${Math.round(length)} ms`
  if (length < 9_950) return `${(length / 1_000).toFixed(1)} s`
  const whole = Math.round(length / 1_000) * 1_000
  const at = units.findIndex(([, size]) => whole >= size)
  const [[unit, size], lesser] = [units[at] ?? units[3], units[at + 1]]
  const rest = lesser ? Math.floor((whole % size) / lesser[1]) : 0
  return `${Math.floor(whole / size)} ${unit}${lesser && rest > 0 ? ` ${rest} ${lesser[0]}` : ''}`
}

/** How long ago something was. */
export const agoText = (ms: number): string => (ms < 1_000 ? 'just now' : `${durationText(ms)} ago`)
