import { useMemo, useRef, useState, type ReactNode } from 'react'
import type { ViewAnswer } from '../api/answers.ts'
import { dayText, timeText, windowText } from '../format/instant-text.ts'
import { go } from '../route/use-route.ts'
import type { Route } from '../route/hash-route.ts'
import type { LiveRowsShown } from '../rows/live-rows.ts'
import { newestStart } from '../rows/newest-rows.ts'
import { mostLines } from './chart-colours.ts'
import { ChartLegend } from './chart-legend.tsx'
import { chooseGroups, eventTotals } from './choose-groups.ts'
import { measureOf, numericMeasures } from './measure-names.ts'
import { Plot } from './plot.tsx'
import { chartData, lastPlace } from './series.ts'
import { windowChoices } from './windows-back.ts'

interface ChartPanelProps {
  readonly view: ViewAnswer
  readonly slideMs: number
  readonly sizeMs: number
  readonly windows: number
  readonly route: Partial<Route>
  readonly shown: LiveRowsShown
  readonly stale: string | null
}

/** A measure of the newest windows, a line for each group. */
export function ChartPanel({ view, slideMs, sizeMs, windows, route, shown, stale }: ChartPanelProps): ReactNode {
  const [cursor, setCursor] = useState<number | null>(null)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const drawn = useRef<readonly string[]>([])
  const measure = measureOf(view, route.measure ?? null)
  const { groups, progress, from } = shown
  const newest = newestStart(groups)

  const chart = useMemo(() => {
    const totals = newest === null ? new Map<string, number>() : eventTotals(groups, newest - (windows - 1) * slideMs)
    drawn.current = chooseGroups(drawn.current, totals, mostLines)
    const data = newest === null ? null : chartData({ groups, keys: drawn.current, measure, newest, windows, slideMs, sizeMs })
    return { data, others: totals.size - drawn.current.length }
  }, [groups, measure, newest, windows, slideMs, sizeMs])
  const { data, others } = chart
  const plotted = useMemo(() => (data ? { data, finalUntil: progress?.finalUntil ?? null, hidden } : null), [data, progress, hidden])
  const isShort = from !== null && newest !== null && from > newest - (windows - 1) * slideMs
  const at = data && (cursor ?? lastPlace(data))
  const end = data && at !== null ? data.ends[at] : undefined

  const toggle = (key: string): void => { setHidden((before) => { const after = new Set(before); if (!after.delete(key)) after.add(key); return after }) }
  return (
    <section className="panel" aria-labelledby="chart" data-stale={stale !== null}>
      <header>
        <h2 id="chart">{measure}{view.by.length > 0 && ` by ${view.by.join(', ')}`}</h2>
        {stale !== null && <p className="stale">{stale}</p>}
        <div className="choices">
          <label>Measure <select value={measure} onChange={({ target }) => { go({ ...route, measure: target.value }) }}>{numericMeasures(view).map((name) => <option key={name}>{name}</option>)}</select></label>
          <label>Windows <select value={windows} onChange={({ target }) => { go({ ...route, windows: Number(target.value) }) }}>{windowChoices(slideMs).map((count) => <option key={count}>{count}</option>)}</select></label>
        </div>
      </header>
      {plotted && data ? <>
        <Plot shown={plotted} label={`Chart of ${measure} over the last ${windows} windows.`} cursor={cursor} onCursor={setCursor} />
        <p className="readout" aria-live={cursor === null ? 'off' : 'polite'}>{end === undefined ? '' : windowText(end - sizeMs, end)}<span className="note"> UTC, drawn at the end of each window{others > 0 && `; the ${data.lines.length} groups with most events of ${data.lines.length + others}${shown.isCut ? ' and more' : ''}`}{isShort && `; no window was asked for before ${dayText(from)} ${timeText(from)}`}</span></p>
        <ChartLegend data={data} at={at} hidden={hidden} onToggle={toggle} />
      </> : <p className="empty">No window has come yet.</p>}
    </section>
  )
}
