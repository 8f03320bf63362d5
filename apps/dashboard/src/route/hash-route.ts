/** What the page shows, as it stands in the address after `#`: `#/trades/per-10-seconds/ALDR?measure=vwap`. */
export interface Route {
  readonly stream: string | null
  /** Null: the newest. */
  readonly version: number | null
  readonly view: string | null
  /** The values of one group; empty: all groups. */
  readonly group: readonly string[]
  readonly measure: string | null
  /** How many windows the chart goes back. */
  readonly windows: number | null
  /** The question that follows one event. */
  readonly event: string | null
  /** The time of that event, where the question needs it. */
  readonly time: string | null
}

const nowhere: Route = { stream: null, version: null, view: null, group: [], measure: null, windows: null, event: null, time: null }

/** Parts are split before they are decoded, so a group value may hold a slash. What cannot be read counts as not said. */
export function readRoute(hash: string): Route {
  const [path, query] = split(hash.replace(/^#?\/?/, ''), '?')
  const [stream, view, ...group] = path.split('/').map(decoded)
  const said = Object.fromEntries(query.split('&').map((pair) => split(pair, '=').map(decoded))) as Readonly<Record<string, string | undefined>>
  return {
    stream: textIn(stream), view: textIn(view), group: group.includes('') ? [] : group,
    version: countIn(said['version']), measure: textIn(said['measure']), windows: countIn(said['windows']), event: textIn(said['event']), time: textIn(said['time']),
  }
}

/** The address of a route, beginning with `#/`. */
export function writeRoute(said: Partial<Route>): string {
  const { stream, view, group, ...query } = { ...nowhere, ...said }
  const parts = stream === null ? [] : view === null ? [stream] : [stream, view, ...group]
  const pairs = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(value)}`]))
  return `#/${parts.map((part) => encodeURIComponent(part)).join('/')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const textIn = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)
const countIn = (text: string | undefined): number | null => (text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null)
