import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import uPlot from 'uplot'
import { chartColours } from './chart-colours.ts'
import { chartOptions, plotData, type ChartShown } from './chart-options.ts'

interface PlotProps {
  readonly shown: ChartShown
  /** What the chart is of, in words. */
  readonly label: string
  readonly cursor: number | null
  readonly onCursor: (at: number | null) => void
}

/** The canvas of the chart. The arrow keys move its cursor from window to window; Escape takes it away. */
export function Plot({ shown, label, cursor, onCursor }: PlotProps): ReactNode {
  const root = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const last = useRef({ shown, onCursor })
  last.current = { shown, onCursor }
  const lines = shown.data.lines.length

  useEffect(() => {
    const element = root.current
    if (!element) return
    const draw = (): void => {
      plot.current?.destroy()
      const { width } = element.getBoundingClientRect()
      const options = chartOptions({ colours: chartColours(element), lines, width: Math.max(200, Math.floor(width)), height: width < 560 ? 240 : 300, shown: () => last.current.shown, onCursor: (at) => { last.current.onCursor(at) } })
      plot.current = new uPlot(options, plotData(last.current.shown.data, last.current.shown.hidden), element)
    }
    const size = new ResizeObserver(() => { if (plot.current?.width !== Math.max(200, Math.floor(element.getBoundingClientRect().width))) draw() })
    const theme = window.matchMedia('(prefers-color-scheme: dark)')
    draw()
    size.observe(element)
    theme.addEventListener('change', draw)
    return () => {
      size.disconnect()
      theme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = null
    }
  }, [lines])

  useEffect(() => { plot.current?.setData(plotData(shown.data, shown.hidden)) }, [shown])

  const onKeyDown = (event: KeyboardEvent): void => {
    const { ends } = shown.data
    const to = placeAfter(event.key, { cursor, places: ends.length })
    if (to === undefined || !plot.current) return
    event.preventDefault()
    plot.current.setCursor({ left: to === null ? -10 : plot.current.valToPos(ends[to] ?? 0, 'x'), top: to === null ? -10 : 0 })
  }
  return <div className="plot" ref={root} tabIndex={0} role="group" aria-label={`${label} The left and right arrow keys go from window to window.`} onKeyDown={onKeyDown} onBlur={() => { plot.current?.setCursor({ left: -10, top: -10 }) }} />
}

/** Where a key moves the cursor; null: away, undefined: the key is another's. */
function placeAfter(key: string, { cursor, places }: { readonly cursor: number | null; readonly places: number }): number | null | undefined {
  const last = places - 1
  switch (key) {
    case 'ArrowLeft': return Math.max(0, (cursor ?? places) - 1)
    case 'ArrowRight': return Math.min(last, (cursor ?? last) + 1)
    case 'Home': return 0
    case 'End': return last
    case 'Escape': return null
    default: return undefined
  }
}
