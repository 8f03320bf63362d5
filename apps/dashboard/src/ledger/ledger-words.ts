import type { HourAnswer, HourState } from '../api/answers.ts'
import { instantText, timeText } from '../format/instant-text.ts'
import { counted, countText } from '../format/number-text.ts'

const hourMs = 3_600_000

/** What each state means, as a sentence. */
export const stateMeans: Readonly<Record<HourState, string>> = {
  balanced: 'Closed, and every equation holds.',
  unbalanced: 'Closed, and an equation does not hold.',
  open: 'Its rows may still change, so it is not judged yet.',
  expired: 'Older than the retention: its rows may be gone, so it is not judged.',
}

/** The hour that a bucket is of: `2026-11-22 19:00:00 – 20:00:00`. */
export function hourName({ bucket }: Pick<HourAnswer, 'bucket'>): string {
  const start = Date.parse(bucket)
  return Number.isNaN(start) ? 'Records without a readable event time' : `${instantText(start)} – ${timeText(start + hourMs)}`
}

/** A bucket on the strip: `19`, or a dash for the records without an event time. */
export function hourLabel({ bucket }: Pick<HourAnswer, 'bucket'>): string {
  const start = Date.parse(bucket)
  return Number.isNaN(start) ? '–' : timeText(start).slice(0, 2)
}

type Difference = HourAnswer['differences'][number]

/** An equation that does not hold, with both its sides, in words. */
export function differenceText({ equation, left, right }: Difference): string {
  const [leftName = equation, rightName = 'the other side'] = equation.split(' = ')
  const view = /^Σ (.+)$/.exec(rightName)?.[1]
  if (equation === 'fetched = fresh + repeated + rejected') return `The source returned ${counted(left, 'record')}, and ${countText(right)} were judged fresh, repeated or rejected: ${gap(left, right)}.`
  if (equation === 'fresh = published + late') return `${counted(left, 'record')} came for the first time, and ${countText(right)} were published or kept as late: ${gap(left, right)}.`
  if (rightName === 'aggregated') return `${counted(left, 'event')} ${leftName === 'published' ? 'were published' : 'were published or included'}, and the rows count ${countText(right)}: ${gap(left, right)}.`
  if (view !== undefined) return `The row of the hour counts ${counted(left, 'event')}, and the rows of ${view} add up to ${countText(right)}: ${gap(left, right)}.`
  return `${leftName} is ${countText(left)}, and ${rightName} is ${countText(right)}: ${gap(left, right)}.`
}

const gap = (left: number, right: number): string => (right < left ? `${countText(left - right)} missing` : `${countText(right - left)} too many`)

/** How many hours are in which state, the worst first; states that no hour is in are left out. */
export function summaryText(hours: readonly Pick<HourAnswer, 'state'>[]): string {
  const said = (['unbalanced', 'balanced', 'open', 'expired'] as const).flatMap((state) => {
    const count = hours.filter((hour) => hour.state === state).length
    return count === 0 ? [] : [`${countText(count)} ${state}`]
  })
  return said.length === 0 ? 'No hour is on the books yet.' : `${counted(hours.length, 'hour')}: ${said.join(', ')}.`
}
