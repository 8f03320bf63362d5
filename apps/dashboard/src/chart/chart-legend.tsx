import type { ReactNode } from 'react'
import { measuredText } from '../format/number-text.ts'
import { valueAt, type ChartData } from './series.ts'

interface ChartLegendProps {
  readonly data: ChartData
  /** Whose values are shown. */
  readonly at: number | null
  readonly hidden: ReadonlySet<string>
  readonly onToggle: (key: string) => void
}

/** The lines by name, with their values in one window; each can be switched off. */
export function ChartLegend({ data, at, hidden, onToggle }: ChartLegendProps): ReactNode {
  return (
    <ul className="lines">
      {data.lines.map((line, index) => {
        const value = at === null ? null : valueAt(line, at)
        const isProvisional = at !== null && line.hollow.includes(at)
        return (
          <li key={line.key}>
            <button type="button" aria-pressed={!hidden.has(line.key)} onClick={() => { onToggle(line.key) }}>
              <span className={`swatch line-${index + 1}`} aria-hidden="true" />
              <span className="name">{lineName(line.group)}</span>
              <span className="value">{value === null ? '–' : measuredText(value)}{isProvisional && <span title="provisional"> ○<span className="unseen"> provisional</span></span>}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** A view without groups has one line. */
const lineName = (group: readonly string[]): string => (group.length === 0 ? 'all events' : group.join(' · '))
