/** The colours of the canvas, as the style sheet of the moment has them. */
export interface ChartColours {
  readonly lines: readonly string[]
  readonly text: string
  readonly faint: string
  readonly grid: string
  readonly ground: string
  readonly provisional: string
}

/** As many lines as there are colours that can be told apart. */
export const mostLines = 8

export function chartColours(element: Element): ChartColours {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  return {
    lines: Array.from({ length: mostLines }, (_, at) => colour(`--line-${at + 1}`)),
    text: colour('--text'), faint: colour('--faint'), grid: colour('--rule'), ground: colour('--panel'), provisional: colour('--provisional'),
  }
}
