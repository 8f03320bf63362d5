import type { Catalogue, JsonSchema } from '@millrace/stream-kit'
import { problemRefs } from '../openapi-responses.ts'
import { fromParameter, groupParameter, rowSchemaName } from '../openapi-view.ts'
import { viewRoutes, type ViewRoute } from '../view-routes.ts'
import { livePath } from './live-path.ts'

/** What the tag `live` says. */
export const liveDescription = `Server-sent events, of which a browser's \`EventSource\` misses none: it sends \`Last-Event-ID\` when it connects again.

- \`reset\` \`{"from"}\`: forget every row; the windows that start at \`from\` or later follow. Comes first, and again when other rows are served: after the promotion of a generation, or the inclusion of late events.
- \`window\`: one row, as the view's own path answers it. It replaces the row of the same group and window. At first the windows there are, the oldest first; then each row that has changed, or has become final.
- \`progress\` \`{"generation", "finalUntil", "storedAt"}\`: the rows before it are all that this look has found.
- \`problem\`: RFC 9457; the feed goes on, and the next \`progress\` says that it is over.

A connection ends after a quarter of an hour, and is made again.`

/** The feeds of the newest version of each stream, the hidden views left out: they are fed, too, but nobody needs to be told. */
export function livePaths({ streams }: Pick<Catalogue, 'streams'>): Readonly<Record<string, unknown>> {
  const newest = streams.filter(({ name, version }) => streams.every((other) => other.name !== name || other.version <= version))
  return Object.fromEntries(newest.flatMap(viewRoutes).filter(({ view }) => !view.isHidden).map((route) => [livePath(route), livePathItem(route)]))
}

function livePathItem(route: ViewRoute): Readonly<Record<string, unknown>> {
  const { stream, view, groups, groupFields } = route
  const event: JsonSchema = { type: 'string', description: `The data of \`window\` is a \`${rowSchemaName(stream, view)}\`.` }
  return {
    get: {
      operationId: `follow${rowSchemaName(stream, view)}${groups === 'one' ? 'OfGroup' : ''}`,
      tags: ['live'],
      summary: `${view.summary} As they change.`,
      description: 'Server-sent events; the tag `live` says what each of them means.',
      parameters: [
        ...(groups === 'one' ? groupFields.map(groupParameter) : []),
        fromParameter(view, 'the highest event time of the stream'),
        { name: 'version', in: 'query', description: 'Default: the newest.', schema: { type: 'integer', minimum: 1 } },
      ],
      responses: { 200: { description: 'The feed.', content: { 'text/event-stream': { schema: event } } }, ...problemRefs() },
    },
  }
}
