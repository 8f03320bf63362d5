import { deadLetterTopic, eventJsonSchema, eventTopic, lateTopic, windowTopic, type Catalogue, type JsonSchema, type StreamDeclaration } from '@millrace/stream-kit'

type Part = Readonly<Record<string, unknown>>

/** What travels over Kafka, as AsyncAPI 3.0: a channel a topic. */
export function asyncApiDocument({ streams }: Pick<Catalogue, 'streams'>): Part {
  const channels = streams.flatMap(channelsOf)
  return {
    asyncapi: '3.0.0',
    info: { title: 'Millrace', version: '1', description: 'The topics of the declared streams.' },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map(({ id, channel }) => [id, channel])),
    operations: Object.fromEntries(channels.map(({ id, action }) => [`${action}_${id}`, { action, channel: { $ref: `#/channels/${id}` } }])),
    components: { schemas: { Window: windowSchema, Progress: progressSchema } },
  }
}

interface Channel {
  readonly id: string
  readonly action: 'send' | 'receive'
  readonly channel: Part
}

const channelOf = (address: string, description: string, messages: Part): Channel => ({
  id: address.replaceAll('.', '_').replaceAll('-', '_'),
  action: 'receive',
  channel: { address, description, messages },
})

function channelsOf(stream: StreamDeclaration): Channel[] {
  const { $schema, ...payload } = eventJsonSchema(stream)
  return [
    channelOf(eventTopic(stream), `${stream.summary} Keyed by ${stream.key}.`, { event: { contentType: 'application/json', headers: eventHeaders(stream), payload: { schemaFormat: `application/schema+json;version=${draftOf($schema)}`, schema: payload } } }),
    channelOf(windowTopic(stream), 'Windows of all views, and progress markers.', { window: { payload: { $ref: '#/components/schemas/Window' } }, progress: { payload: { $ref: '#/components/schemas/Progress' } } }),
    channelOf(lateTopic(stream), 'Events behind the watermark, as they would have been published.', { letter }),
    channelOf(deadLetterTopic(stream), 'Records that are no event, in their original bytes.', { letter }),
  ]
}

/** `https://json-schema.org/draft/2020-12/schema` → `2020-12` */
const draftOf = (schema: unknown): string => /draft\/([^/]+)\//.exec(String(schema))?.[1] ?? 'draft-07'

const text: JsonSchema = { type: 'string' }
const whole: JsonSchema = { type: 'integer' }

const eventHeaders = (stream: StreamDeclaration): JsonSchema => ({
  type: 'object',
  properties: { ce_specversion: { const: '1.0' }, ce_id: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' }, ce_source: { const: `/millrace/${stream.name}` }, ce_type: { const: eventTopic(stream) }, ce_time: { type: 'string', format: 'date-time' }, 'content-type': { const: 'application/json' }, run: text, traceparent: text },
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'content-type'],
})

const letter = {
  contentType: 'application/octet-stream',
  headers: { type: 'object', properties: Object.fromEntries(['reason', 'detail', 'origin', 'event-time', 'run'].map((name) => [name, text])), required: ['reason', 'detail', 'origin', 'run'] },
}

const windowSchema: JsonSchema = {
  type: 'object',
  properties: {
    view: text, group: { type: 'array', items: text }, start: whole, end: whole,
    events: { type: 'integer', minimum: 1, description: 'Distinct events: the row with the most is the newest.' },
    generation: whole, measures: { type: 'object', description: 'By declared name; an absent value is an absent key.' },
  },
  required: ['view', 'group', 'start', 'end', 'events', 'generation', 'measures'],
}

const progressSchema: JsonSchema = {
  type: 'object',
  description: 'In every partition of the topic: all windows of the events before these offsets come before it.',
  properties: { kind: { const: 'progress' }, stream: text, version: whole, generation: whole, watermark: whole, offsets: { type: 'object', additionalProperties: text } },
  required: ['kind', 'stream', 'version', 'generation', 'watermark', 'offsets'],
}
