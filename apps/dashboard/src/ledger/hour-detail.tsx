import type { ReactNode } from 'react'
import type { HourAnswer } from '../api/answers.ts'
import { countText } from '../format/number-text.ts'
import { Facts } from '../line/facts.tsx'
import { differenceText, hourName, stateMeans } from './ledger-words.ts'

/** One hour of the books: its verdict, what does not hold, and all its counts. */
export function HourDetail({ hour }: { readonly hour: HourAnswer }): ReactNode {
  const counts = { fetched: hour.fetched, fresh: hour.fresh, repeated: hour.repeated, rejected: hour.rejected, published: hour.published, late: hour.late, included: hour.included }
  return (
    <div className="detail" aria-live="polite">
      <h3>{hourName(hour)}: {hour.state}</h3>
      {hour.differences.length === 0 && <p className="note">{stateMeans[hour.state]}</p>}
      {hour.differences.length > 0 && (
        <ul className="differences">
          {hour.differences.map((difference) => (
            <li key={difference.equation}>
              <code>{difference.equation}</code> does not hold: <strong>{countText(difference.left)} ≠ {countText(difference.right)}</strong>. {differenceText(difference)}
            </li>
          ))}
        </ul>
      )}
      <Facts facts={[
        ...Object.entries(counts).map(([name, count]) => ({ name, value: countText(count) })),
        { name: 'aggregated', value: hour.aggregated === null ? 'no row' : countText(hour.aggregated), means: 'Events that the row of the hour counts.' },
        ...Object.entries(hour.views).map(([view, events]) => ({ name: `Σ ${view}`, value: countText(events), means: 'What the rows of the view add up to.' })),
      ]} />
    </div>
  )
}
