import type { JsonSchema } from '@millrace/stream-kit'

const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })
const instantOrNull = (description: string): JsonSchema => ({ type: ['string', 'null'], format: 'date-time', description })
const offsets = (description: string): JsonSchema => ({ type: 'object', additionalProperties: { type: 'integer', minimum: 0 }, description })
const text: JsonSchema = { type: 'string' }

/** What `streamAnswer` gives. */
export const streamSchema: JsonSchema = object({
  name: text,
  version: { type: 'integer', minimum: 1 },
  summary: text,
  paused: { type: 'boolean', description: 'Ingestion pulls nothing until it is resumed.' },
  highestEventTime: instantOrNull('The greatest event time accepted.'),
  watermark: instantOrNull('Events before it are late: the highest event time less the lateness.'),
  finalUntil: instantOrNull('Windows that end at or before it do not change any more.'),
  generation: { type: ['integer', 'null'], description: 'The generation of rows that is served; null before the first.' },
  counts: object({
    fetched: count('Records that the source returned: fresh + repeated + rejected.'),
    fresh: count('Records seen for the first time: published + late.'),
    repeated: count('Records whose id was seen before.'),
    rejected: count('Records that are no event; kept as dead letters.'),
    late: count('Events behind the watermark; kept as late events.'),
    published: count('Events on the topic.'),
  }),
  offsets: object({ published: offsets('The next offset to be published, by partition.'), stored: offsets('Rows hold every event before this offset, by partition.') }),
  lag: offsets('Published less stored, by partition.'),
  freshness: object({
    storedAt: instantOrNull('When progress was last stored, by our clock.'),
    behindMs: { type: ['integer', 'null'], minimum: 0, description: '0 while the rows hold everything published, else the age of the last progress.' },
  }),
  views: {
    type: 'array',
    items: object({
      name: text,
      summary: text,
      path: text,
      window: object({ kind: { enum: ['tumbling', 'sliding'] }, size: text, slide: text }),
      by: { type: 'array', items: text },
      measures: { type: 'array', items: object({ name: text, kind: { enum: ['text', 'uuid', 'int', 'real', 'bool', 'instant'] }, isOptional: { type: 'boolean' } }) },
    }),
  },
})

/** The list of `GET /v1/streams`. */
export const streamListSchema: JsonSchema = object({ data: { type: 'array', items: { $ref: '#/components/schemas/Stream' } } })
