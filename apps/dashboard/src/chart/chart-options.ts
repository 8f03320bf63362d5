import uPlot from 'uplot'
import { axisText } from '../format/number-text.ts'
import { tickText } from '../format/instant-text.ts'
import type { ChartColours } from './chart-colours.ts'
import { drawLabels, drawMark, drawProvisional } from './draw-on-chart.ts'
import { alone, type ChartData } from './series.ts'

/** What the chart shows at the moment; the plot asks for it whenever it draws. */
export interface ChartShown {
  readonly data: ChartData
  readonly finalUntil: number | null
  /** Lines that are switched off, by group. */
  readonly hidden: ReadonlySet<string>
}

interface ChartOptions {
  readonly colours: ChartColours
  readonly lines: number
  readonly width: number
  readonly height: number
  readonly shown: () => ChartShown
  /** The place that the cursor is at; null when it is away. */
  readonly onCursor: (at: number | null) => void
}

const font = '12px system-ui, sans-serif'
/** Room for the names of the groups at the end of their lines. */
const labelled = 84
/** A chart that is narrower has no room for names: its legend has them. */
const narrowest = 560

/** Options of a plot: of each line two series, the final windows drawn through, the provisional ones dashed and hollow. */
export function chartOptions({ colours, lines, width, height, shown, onCursor }: ChartOptions): uPlot.Options {
  const hasLabels = width >= narrowest
  const axis = { stroke: colours.faint, font, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1, size: 4 } }
  return {
    width, height, ms: 1,
    tzDate: (ms) => uPlot.tzDate(new Date(ms), 'UTC'),
    padding: [22, hasLabels ? labelled : 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, focus: { prox: 24 }, points: { size: 7, fill: (_plot, series) => colours.lines[Math.floor((series - 1) / 2)] ?? colours.text } },
    focus: { alpha: 0.25 },
    scales: { x: { time: true } },
    axes: [
      { ...axis, space: 72, size: 28, values: (_plot, splits, _axis, _space, step) => splits.map((ms) => tickText(ms, step)) },
      { ...axis, size: (_plot, values) => 14 + 7 * Math.max(3, ...(values as string[] | null ?? []).map(({ length }) => length)), values: (_plot, splits) => splits.map(axisText) },
    ],
    series: [{}, ...Array.from({ length: lines }, (_, line) => seriesOf(line, { colours, shown })).flat()],
    hooks: {
      drawClear: [(plot) => { drawProvisional(plot, { finalUntil: shown().finalUntil, colours }) }],
      draw: [(plot) => {
        drawMark(plot, { finalUntil: shown().finalUntil, colours })
        if (hasLabels) drawLabels(plot, { shown: shown(), colours })
      }],
      setCursor: [({ cursor }) => { onCursor(cursor.idx ?? null) }],
    },
  }
}

function seriesOf(line: number, { colours, shown }: Pick<ChartOptions, 'colours' | 'shown'>): uPlot.Series[] {
  const stroke = colours.lines[line] ?? colours.text
  const lineShown = () => shown().data.lines[line]
  return [
    { stroke, width: 1.75, points: { size: 5, fill: stroke, show: true, filter: () => alone(lineShown()?.final ?? []) } },
    { stroke, width: 1.75, dash: [4, 4], points: { size: 6, width: 1.5, fill: colours.ground, stroke, show: true, filter: () => [...(lineShown()?.hollow ?? [])] } },
  ]
}

/** The columns that the plot takes: the instants, then of each line the final and the provisional points. */
export const plotData = ({ ends, lines }: ChartData, hidden: ReadonlySet<string>): uPlot.AlignedData => [
  [...ends],
  ...lines.flatMap(({ key, final, provisional }) => (hidden.has(key) ? [ends.map(() => null), ends.map(() => null)] : [[...final], [...provisional]])),
]
