import type { JsonSchema } from '@millrace/stream-kit'
import { problemRefs } from '../openapi-responses.ts'

const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const nullable = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, type: ['object', 'null'], description })
const text: JsonSchema = { type: 'string' }
const instant: JsonSchema = { type: 'string', format: 'date-time' }
const count: JsonSchema = { type: 'integer', minimum: 0 }

/** What `GET /v1/streams/<stream>/events/<id>` answers. */
export const eventSchema: JsonSchema = object({
  id: text,
  stream: text,
  version: { type: 'integer', minimum: 1 },
  run: { type: ['string', 'null'], description: 'The run that has judged it; null where that was before runs were kept with the ids.' },
  page: { ...object({ epoch: count, seq: count }), description: 'The page in which it was judged.' },
  state: { enum: ['published', 'late', 'judged'], description: '`judged`: it is known, and nothing more of it.' },
  eventTime: { type: ['string', 'null'], format: 'date-time' },
  topic: nullable(object({ topic: text, partition: count, offset: { type: ['integer', 'null'], minimum: 0 } }), 'Where it lies on the topic.'),
  windows: {
    type: 'array', description: 'In which it counts, or would if it were not late.',
    items: object({ view: text, group: { type: 'object' }, start: instant, end: instant, path: text, row: nullable(object({ events: count, generation: count, final: { type: 'boolean' } }), 'As it is stored; null where there is none yet, or no more.') }),
  },
  late: { description: 'Its letter, where it is late.', anyOf: [{ $ref: '#/components/schemas/LateLetter' }, { type: 'null' }] },
})

const path = (name: string) => ({ name, in: 'path', required: true, schema: text })
const time = { name: 'time', in: 'query', description: 'Its event time, where it is known: the search is then short. Needed where there are more ids than one answer can look through.', schema: instant }
const version = { name: 'version', in: 'query', description: 'Default: the newest.', schema: { type: 'integer', minimum: 1 } }
const responses = { 200: { description: 'Where the event is.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Event' } } } }, ...problemRefs() }

/** The paths that follow one event. */
export const eventPaths = {
  '/v1/streams/{stream}/events/{id}': {
    get: { operationId: 'readEvent', tags: ['events'], summary: 'Where one event is: its run and page, its place on the topic, and the windows in which it counts; or its letter.', parameters: [path('stream'), { ...path('id'), description: '`ce_id`, 22 characters.' }, time, version], responses },
  },
  '/v1/streams/{stream}/events': {
    get: {
      operationId: 'findEvent', tags: ['events'], summary: 'The same of the event with these values of the fields that make its id.',
      parameters: [path('stream'), { name: 'fields', in: 'query', required: true, style: 'form', explode: true, description: 'Each field of the id of the declaration under its name, such as `?id=ci1`.', schema: { type: 'object', additionalProperties: { type: 'string' } } }, time, version],
      responses,
    },
  },
}
