import type { ReactNode } from 'react'
import type { StreamAnswer, Value, ViewAnswer } from '../api/answers.ts'
import { dayText, instantText, windowUnder } from '../format/instant-text.ts'
import { countText, measuredText } from '../format/number-text.ts'
import { writeRoute, type Route } from '../route/hash-route.ts'
import { groupTexts, type WindowRow } from '../rows/window-row.ts'

interface WindowsTableProps {
  readonly stream: StreamAnswer
  readonly view: ViewAnswer
  readonly rows: readonly WindowRow[]
  readonly route: Partial<Route>
}

/** Rows as a table: the group leads to its own page, the mark says whether a row may still change. */
export function WindowsTable({ stream, view, rows, route }: WindowsTableProps): ReactNode {
  const isNumber = (kind: string): boolean => kind === 'int' || kind === 'real'
  // The day is said once: only rows of another one repeat it.
  const day = dayText(rows[0]?.start ?? 0)
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`Newest windows of ${stream.name}, ${view.name}`}>
      <table>
        <thead>
          <tr>
            {view.by.length > 0 && <th scope="col">{view.by.join(' · ')}</th>}
            <th scope="col">window, {day}</th>
            <th scope="col">state</th>
            <th scope="col" className="number">events</th>
            {view.measures.map(({ name, kind }) => <th key={name} scope="col" className={isNumber(kind) ? 'number' : undefined}>{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, group, start, end, events, measures, isFinal }) => (
            <tr key={`${key} ${start}`} className={isFinal ? undefined : 'provisional'}>
              {view.by.length > 0 && <th scope="row"><a href={writeRoute({ ...route, group: groupTexts(group) })}>{groupTexts(group).join(' · ')}</a></th>}
              <td><time>{windowUnder(day, start, end)}</time></td>
              <td className="mark-cell"><span aria-hidden="true">{isFinal ? '●' : '○'}</span> {isFinal ? 'final' : 'provisional'}</td>
              <td className="number">{countText(events)}</td>
              {view.measures.map(({ name, kind }) => <td key={name} className={isNumber(kind) ? 'number' : undefined}>{valueText(measures[name] ?? null, kind)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function valueText(value: Value, kind: string): string {
  if (value === null) return '–'
  if (kind === 'instant') return instantText(Date.parse(String(value)))
  return typeof value === 'number' ? measuredText(value) : String(value)
}
