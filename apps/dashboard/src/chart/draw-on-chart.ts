import type uPlot from 'uplot'
import { timeText } from '../format/instant-text.ts'
import type { ChartColours } from './chart-colours.ts'
import type { ChartShown } from './chart-options.ts'
import { valueAt } from './series.ts'
import { spreadLabels } from './spread-labels.ts'

interface Mark {
  readonly finalUntil: number | null
  readonly colours: ChartColours
}

/** Canvas pixels to a pixel of the page. */
const scaleOf = (plot: uPlot): number => plot.ctx.canvas.width / plot.width

/** Where the mark stands, in canvas pixels: within the plot, or at its edge when all or nothing is final. */
function markPlace(plot: uPlot, finalUntil: number): number {
  const { left, width } = plot.bbox
  return Math.min(left + width, Math.max(left, plot.valToPos(finalUntil, 'x', true)))
}

/** Tints what is not final yet. */
export function drawProvisional(plot: uPlot, { finalUntil, colours }: Mark): void {
  const { ctx, bbox: { left, top, width, height } } = plot
  const from = finalUntil === null ? left : markPlace(plot, finalUntil)
  ctx.save()
  ctx.fillStyle = colours.provisional
  ctx.fillRect(from, top, left + width - from, height)
  ctx.restore()
}

/** A line where rows stop being final, and says so. */
export function drawMark(plot: uPlot, { finalUntil, colours }: Mark): void {
  if (finalUntil === null) return
  const { ctx, bbox: { left, top, width, height } } = plot
  const [at, scale] = [markPlace(plot, finalUntil), scaleOf(plot)]
  ctx.save()
  ctx.strokeStyle = colours.faint
  ctx.lineWidth = scale
  ctx.beginPath()
  ctx.moveTo(at, top - 4 * scale)
  ctx.lineTo(at, top + height)
  ctx.stroke()
  ctx.fillStyle = colours.faint
  ctx.font = `${11 * scale}px system-ui, sans-serif`
  const isRight = at > left + width / 2
  ctx.textAlign = isRight ? 'right' : 'left'
  ctx.textBaseline = 'bottom'
  ctx.fillText(`final until ${timeText(finalUntil)}`, at + (isRight ? -5 : 5) * scale, top - 3 * scale)
  ctx.textAlign = isRight ? 'left' : 'right'
  const room = isRight ? left + width - at : at - left
  if (room > 70 * scale && isRight) ctx.fillText('provisional', at + 5 * scale, top - 3 * scale)
  ctx.restore()
}

/** The names of the groups at the end of their lines, so that no line is known by its colour alone. */
export function drawLabels(plot: uPlot, { shown: { data, hidden }, colours }: { readonly shown: ChartShown; readonly colours: ChartColours }): void {
  const { ctx, bbox: { left, top, width, height } } = plot
  const scale = scaleOf(plot)
  const labels = data.lines.flatMap((line, at) => {
    const last = data.ends.findLastIndex((_, place) => valueAt(line, place) !== null)
    const value = last < 0 ? null : valueAt(line, last)
    if (value === null || hidden.has(line.key) || line.group.length === 0) return []
    return [{ text: line.group.join(' · '), colour: colours.lines[at] ?? colours.text, x: plot.valToPos(data.ends[last] ?? 0, 'x', true), y: plot.valToPos(value, 'y', true) }]
  })
  const places = spreadLabels(labels.map(({ y }) => y), { gap: 14 * scale, top, bottom: top + height })
  ctx.save()
  ctx.font = `${12 * scale}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.lineWidth = scale
  labels.forEach(({ text, colour, x, y }, at) => {
    const place = places[at] ?? y
    ctx.strokeStyle = colour
    ctx.globalAlpha = 0.45
    ctx.beginPath()
    ctx.moveTo(x + 4 * scale, y)
    ctx.lineTo(left + width + 12 * scale, place)
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.fillStyle = colour
    ctx.fillText(text.length > 10 ? `${text.slice(0, 9)}…` : text, left + width + 16 * scale, place)
  })
  ctx.restore()
}
