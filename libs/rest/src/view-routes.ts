import { viewPath, type FieldSpec, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'

/** A field of a view's group, in the order of the path. */
export interface GroupField {
  readonly name: string
  readonly field: FieldSpec
}

/** One path of a view: of one group, or of all of them. */
export interface ViewRoute {
  readonly stream: StreamDeclaration
  readonly view: ViewDeclaration
  /** `one`: the path names every group field; `all`: none. A view without groups has only `all`. */
  readonly groups: 'one' | 'all'
  readonly groupFields: readonly GroupField[]
  /** As OpenAPI writes it: `/v1/earthquakes/per-hour/{network}`. */
  readonly path: string
}

/** The paths of a stream's views, the hidden ones included, in declared order. */
export function viewRoutes(stream: StreamDeclaration): ViewRoute[] {
  return stream.views.flatMap((view) => {
    const groupFields = groupFieldsOf(stream, view)
    const all: ViewRoute = { stream, view, groups: 'all', groupFields, path: viewPath(stream, view) }
    if (groupFields.length === 0) return [all]
    return [all, { ...all, groups: 'one', path: [all.path, ...groupFields.map(({ name }) => `{${name}}`)].join('/') }]
  })
}

function groupFieldsOf({ name: stream, event }: StreamDeclaration, { name: view, by }: ViewDeclaration): GroupField[] {
  return by.map((name) => {
    const field = event[name]
    if (!field) throw new TypeError(`View '${view}' of stream '${stream}' groups by '${name}', which is no field of its event.`)
    return { name, field }
  })
}
