import { useState, type ReactNode } from 'react'
import type { StreamAnswer, ViewAnswer } from '../api/answers.ts'
import { rowsPath } from '../api/paths.ts'
import { counted } from '../format/number-text.ts'
import { writeRoute, type Route } from '../route/hash-route.ts'
import type { LiveRowsShown } from '../rows/live-rows.ts'
import { newestRows } from '../rows/newest-rows.ts'
import { WindowsTable } from './windows-table.tsx'

const steps = [20, 60, 200] as const

interface WindowsPanelProps {
  readonly stream: StreamAnswer
  readonly view: ViewAnswer
  readonly group: readonly string[]
  readonly route: Partial<Route>
  readonly shown: LiveRowsShown
  readonly stale: string | null
}

/** The newest windows as they are stored, of all groups or of one. */
export function WindowsPanel({ stream, view, group, route, shown, stale }: WindowsPanelProps): ReactNode {
  const [most, setMost] = useState<number>(steps[0])
  const rows = newestRows(shown.groups, most + 1)
  const more = rows.length > most ? steps.find((step) => step > most) : undefined
  return (
    <section className="panel" aria-labelledby="windows" data-stale={stale !== null}>
      <header>
        <h2 id="windows">Newest windows{group.length > 0 && ` of ${group.join(' · ')}`}</h2>
        {stale !== null && <p className="stale">{stale}</p>}
        {group.length > 0 && <a href={writeRoute({ ...route, group: [] })}>All groups</a>}
      </header>
      {rows.length === 0 ? <p className="empty">No window has come yet.</p> : <WindowsTable stream={stream} view={view} rows={rows.slice(0, most)} route={route} />}
      <p className="note">
        {more !== undefined && <><button type="button" className="plain" onClick={() => { setMost(more) }}>Show {more}</button>{' '}</>}
        {shown.isCut && `Rows of ${counted(shown.groups.size, 'group')} are kept here; the view has more. `}
        <a href={rowsPath(view.path, group)}>The rows as JSON</a>
      </p>
    </section>
  )
}
