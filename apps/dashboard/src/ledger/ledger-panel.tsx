import { useState, type ReactNode } from 'react'
import type { HourAnswer, LedgerAnswer } from '../api/answers.ts'
import { dayText } from '../format/instant-text.ts'
import { HourDetail } from './hour-detail.tsx'
import { hourLabel, hourName, stateMeans, summaryText } from './ledger-words.ts'

/** The hours of the last day, each with its verdict; one of them in full. */
export function LedgerPanel({ ledger, stale, problem }: { readonly ledger: LedgerAnswer | null; readonly stale: string | null; readonly problem: ReactNode }): ReactNode {
  const [asked, ask] = useState<string | null>(null)
  const hours = ledger?.data ?? []
  const shown = hours.find(({ bucket }) => bucket === asked) ?? hours.findLast(({ state }) => state === 'unbalanced') ?? null
  return (
    <section className="panel" aria-labelledby="ledger" data-stale={stale !== null}>
      <header><h2 id="ledger">Ledger</h2>{stale !== null && <p className="stale">{stale}</p>}</header>
      {problem}
      {ledger !== null && <p className="summary">{summaryText(hours)}</p>}
      {daysOf(hours).map(({ day, of }) => (
        <div className="day" key={day}>
          <h3>{day}</h3>
          <ul className="strip">
            {of.map((hour) => (
              <li key={hour.bucket}>
                <button type="button" className={`hour ${hour.state}`} aria-pressed={hour === shown} aria-label={`${hourName(hour)}: ${hour.state}`} title={`${hourName(hour)}: ${hour.state}. ${stateMeans[hour.state]}`} onClick={() => { ask(hour.bucket) }}>
                  <span>{hourLabel(hour)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {hours.length > 0 && <ul className="legend" aria-hidden="true">{(['balanced', 'unbalanced', 'open', 'expired'] as const).map((state) => <li key={state}><span className={`hour ${state}`} />{state}</li>)}</ul>}
      {shown && <HourDetail hour={shown} />}
    </section>
  )
}

/** Hours by their day; those without a time last, by themselves. */
function daysOf(hours: readonly HourAnswer[]): readonly { readonly day: string; readonly of: readonly HourAnswer[] }[] {
  const dayOf = ({ bucket }: HourAnswer): string => (bucket === 'none' ? 'no time' : dayText(Date.parse(bucket)))
  return [...new Set(hours.map(dayOf))].map((day) => ({ day, of: hours.filter((hour) => dayOf(hour) === day) }))
}
