import type { StreamAnswer } from './answers.ts'

type Named = Pick<StreamAnswer, 'name' | 'version'>
type Parameters = Readonly<Record<string, string | number | null>>

/** A path with its query, relative to the document; parameters without a value are left out. */
export function pathOf(parts: readonly string[], parameters: Parameters = {}): string {
  const query = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`])).join('&')
  return parts.map((part) => encodeURIComponent(part)).join('/') + (query === '' ? '' : `?${query}`)
}

/** A resource of one version of a stream. */
export const streamPath = ({ name, version }: Named, parts: readonly string[], parameters: Parameters = {}): string => pathOf(['v1', 'streams', name, ...parts], { ...parameters, version })

/** The live feed of a view, or of one group of it, of the windows that start at `from` or later. */
export const livePath = ({ name, version }: Named, view: string, { group, from }: { readonly group: readonly string[]; readonly from: number | null }): string =>
  pathOf(['v1', 'live', name, view, ...group], { from: from === null ? null : new Date(from).toISOString(), version })

/** The rows of a view, or of one group of it, by the path that the view itself names. */
export const rowsPath = (path: string, group: readonly string[]): string => [path.replace(/^\/+/, ''), ...group.map((value) => encodeURIComponent(value))].join('/')
