import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { readValue, type FieldValue } from './field-values.ts'
import { NothingDeclared, RequestRefused, type WrongPart } from './rest.errors.ts'
import { viewRoutes, type ViewRoute } from './view-routes.ts'

/** A path that stands for a view's windows, with the group it names. */
export interface FoundRoute {
  readonly route: ViewRoute
  /** Values of the group fields in declared order; null where the path asks for all groups. */
  readonly group: readonly FieldValue[] | null
}

/**
 * Finds what a raw, still encoded path asks for: `/v1/earthquakes/per-hour/ci`. The path is split before it is
 * decoded, so a group value may hold a slash.
 *
 * Throws NothingDeclared, listing what there is, or RequestRefused for group values that cannot be read.
 */
export function findRoute(catalogue: Catalogue, rawPath: string): FoundRoute {
  const [version = '', streamName = '', ...rest] = pathParts(rawPath)
  const stream = catalogue.streams.find((candidate) => candidate.name === streamName && `v${candidate.version}` === version)
  if (!stream) throw new NothingDeclared(`There is no stream at /${version}/${streamName}.`, catalogue.streams.map(({ name, version: v }) => `/v${v}/${name}`))
  return routeIn(stream, rest, ({ path }) => path)
}

/** The decoded parts of a raw path. */
export const pathParts = (rawPath: string): string[] => rawPath.replace(/^\//, '').split('/').map(decode)

/** Finds the view, and the group, that the rest of a path names; `shown` writes the paths that a refusal lists. */
export function routeIn(stream: StreamDeclaration, [viewName = '', ...values]: readonly string[], shown: (route: ViewRoute) => string): FoundRoute {
  const routes = viewRoutes(stream)
  const ofView = routes.filter(({ view }) => view.name === viewName)
  if (ofView.length === 0) throw new NothingDeclared(viewName === '' ? `The path names no view of stream '${stream.name}'.` : `Stream '${stream.name}' has no view '${viewName}'.`, shownPaths(stream, routes, shown))

  const groups = values.length === 0 ? 'all' : 'one'
  const route = ofView.find((candidate) => candidate.groups === groups && (groups === 'all' || candidate.groupFields.length === values.length))
  const paths = ofView.map(shown)
  if (values.includes('')) throw new NothingDeclared('A part of the path is empty, and no group value is.', paths)
  if (!route) throw new NothingDeclared(`View '${viewName}' is not served with ${values.length} group values.`, paths)
  return { route, group: groups === 'all' ? null : readGroup(route, values) }
}

const shownPaths = (stream: StreamDeclaration, routes: readonly ViewRoute[], shown: (route: ViewRoute) => string): string[] =>
  routes.filter(({ view }) => stream.views.includes(view) && !view.isHidden).map(shown)

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause
    throw new RequestRefused([{ parameter: 'path', in: 'path', found: `'${segment}'`, expected: 'percent-encoded UTF-8', cure: 'Encode each part of the path, as encodeURIComponent does.' }])
  }
}

function readGroup({ groupFields }: ViewRoute, values: readonly string[]): FieldValue[] {
  const wrong: WrongPart[] = []
  const group = groupFields.map(({ name, field }, index): FieldValue => {
    const text = values[index] ?? ''
    const reading = readValue(text, field)
    if ('value' in reading) return reading.value
    wrong.push({ parameter: name, in: 'path', found: `'${text}'`, expected: reading.expected, cure: reading.cure })
    return text
  })
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return group
}
