const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 })

/** A count in full: `32,276`. */
export const countText = (count: number): string => whole.format(count)

/** A measured number: whole numbers in full, others with six significant digits. */
export const measuredText = (value: number): string => (Number.isInteger(value) ? whole.format(value) : precise.format(value))

/** A number of an axis: short where it is long. */
export const axisText = (value: number): string => (Math.abs(value) >= 100_000 ? short.format(value) : precise.format(value))

/** Events a second: `24/s`, `0.3/s`. */
export const rateText = (perSecond: number): string => `${perSecond >= 10 ? whole.format(perSecond) : (Math.round(perSecond * 10) / 10).toString()}/s`

/** A count with its noun: `1 event`, `2 events`. */
export const counted = (count: number, noun: string): string => `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
