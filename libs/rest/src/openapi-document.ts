import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { pageLimit } from './limits.ts'
import { problemRefs, problemResponses, problemSchema } from './openapi-responses.ts'
import { rowSchemaName, viewPathItem, viewRowSchema } from './openapi-view.ts'
import { streamListSchema, streamSchema } from './stream-schema.ts'
import { viewRoutes } from './view-routes.ts'

/** Everything the query API answers, as OpenAPI 3.1: plain data, the same for the same catalogue. */
export function openApiDocument({ streams }: Pick<Catalogue, 'streams'>): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version: '1', description: 'Windows of the declared streams, and the state of the streams.' },
    servers: [{ url: '/' }],
    tags: [...[...new Set(streams.map(({ name }) => name))].map((name) => ({ name })), { name: 'ledger', description: 'Hidden views: the number of events an hour of event time.' }, { name: 'streams' }],
    security: [{ readKey: [] }, {}],
    paths: { ...streamPaths, ...Object.fromEntries(streams.flatMap(viewRoutes).map((route) => [route.path, viewPathItem(route)])) },
    components: {
      securitySchemes: { readKey: { type: 'http', scheme: 'bearer', description: 'A key with the scope `query:read`. Not needed while reading is open, which only a loopback address allows.' } },
      parameters,
      responses: problemResponses,
      schemas: { Problem: problemSchema, Page: pageSchema, Stream: streamSchema, StreamList: streamListSchema, ...rowSchemas(streams) },
    },
  }
}

const rowSchemas = (streams: readonly StreamDeclaration[]) =>
  Object.fromEntries(streams.flatMap((stream) => stream.views.map((view) => [rowSchemaName(stream, view), viewRowSchema(stream, view)])))

const pageSchema = {
  type: 'object',
  properties: { next: { type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last.' } },
  required: ['next'],
}

const parameters = {
  to: {
    name: 'to',
    in: 'query',
    description: 'Windows that start before this instant. Default: just after the highest event time of the stream.',
    schema: { type: 'string', format: 'date-time' },
  },
  limit: { name: 'limit', in: 'query', description: 'Rows a page.', schema: { type: 'integer', minimum: 1, maximum: pageLimit.max, default: pageLimit.default } },
  cursor: { name: 'cursor', in: 'query', description: '`page.next` of the answer before, with the same path, `from` and `to`.', schema: { type: 'string' } },
}

const answer = (schema: string, description: string) => ({ description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } })

const streamPaths = {
  '/v1/streams': {
    get: { operationId: 'listStreams', tags: ['streams'], summary: 'All streams.', responses: { 200: answer('StreamList', 'The streams in declared order.'), ...problemRefs('400', '404') } },
  },
  '/v1/streams/{stream}': {
    get: {
      operationId: 'readStream',
      tags: ['streams'],
      summary: 'How far a stream is, and what it has counted.',
      parameters: [
        { name: 'stream', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'version', in: 'query', description: 'Default: the newest.', schema: { type: 'integer', minimum: 1 } },
      ],
      responses: { 200: answer('Stream', 'The stream.'), ...problemRefs() },
    },
  },
}
