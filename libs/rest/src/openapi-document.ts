import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'
import { ledgerSchema } from './ledger-answer.ts'
import { mostBuckets } from './ledger-query.ts'
import { letterSchemas } from './letters/letter-schema.ts'
import { eventPaths, eventSchema } from './letters/openapi-events.ts'
import { letterPaths } from './letters/openapi-letters.ts'
import { liveDescription, livePaths } from './live/openapi-live.ts'
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
    tags: [...[...new Set(streams.map(({ name }) => name))].map((name) => ({ name })), { name: 'ledger', description: 'What proves that nothing was lost: the books against the rows, and the hidden views behind it, the number of events an hour of event time.' }, { name: 'events', description: 'Where one event is.' }, { name: 'live', description: liveDescription }, { name: 'letters', description: 'What was kept apart, with its bytes and the reason.' }, { name: 'streams' }],
    security: [{ readKey: [] }, {}],
    paths: { ...streamPaths, ...letterPaths, ...eventPaths, ...Object.fromEntries(streams.flatMap(viewRoutes).map((route) => [route.path, viewPathItem(route)])), ...livePaths({ streams }) },
    components: {
      securitySchemes: { readKey: { type: 'http', scheme: 'bearer', description: 'A key with the scope `query:read`. Not needed while reading is open, which only a loopback address allows.' } },
      parameters,
      responses: problemResponses,
      schemas: { Problem: problemSchema, Page: pageSchema, Stream: streamSchema, StreamList: streamListSchema, Ledger: ledgerSchema, ...letterSchemas, Event: eventSchema, ...rowSchemas(streams) },
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

const versionParameter = { name: 'version', in: 'query', description: 'Default: the newest.', schema: { type: 'integer', minimum: 1 } }

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
        versionParameter,
      ],
      responses: { 200: answer('Stream', 'The stream.'), ...problemRefs() },
    },
  },
  '/v1/streams/{stream}/ledger': {
    get: {
      operationId: 'readLedger',
      tags: ['ledger'],
      summary: 'Whether what was fetched, published, aggregated and stored agrees, hour by hour of event time.',
      description: "Of each closed hour: `fetched = fresh + repeated + rejected`, `fresh = published + late`, `published = aggregated`, and `aggregated` is the Σ of `events` of every tumbling view that counts every event and whose window divides the hour. Hours in which nothing was fetched are left out.",
      parameters: [
        { name: 'stream', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'from', in: 'query', description: 'Hours that begin at this instant or later. Default: a day before `to`, or what is retained where that is less.', schema: { type: 'string', format: 'date-time' } },
        { name: 'to', in: 'query', description: 'Hours that begin before this instant. Default: the end of the hour of the highest event time.', schema: { type: 'string', format: 'date-time' } },
        versionParameter,
        { name: 'cursor', in: 'query', description: `\`page.next\` of the answer before, with the same \`from\` and \`to\`. An answer covers at most ${mostBuckets} hours, and fewer where they have many rows.`, schema: { type: 'string' } },
      ],
      responses: { 200: answer('Ledger', 'The buckets, oldest first; that of unreadable event times at the end of the last page.'), ...problemRefs() },
    },
  },
}
