import { letterReasons, type JsonSchema } from '@millrace/stream-kit'

const object = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema => ({ type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)), additionalProperties: false })
const text = (description?: string): JsonSchema => ({ type: 'string', ...(description !== undefined && { description }) })
const textOrNull = (description: string): JsonSchema => ({ type: ['string', 'null'], description })
const instant = (description: string): JsonSchema => ({ type: 'string', format: 'date-time', description })
const instantOrNull = (description: string): JsonSchema => ({ type: ['string', 'null'], format: 'date-time', description })
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })
const countsBy = (description: string): JsonSchema => ({ type: 'object', additionalProperties: { type: 'integer', minimum: 1 }, description })
const page: JsonSchema = { $ref: '#/components/schemas/Page' }

export const reasonsOf = (store: 'late' | 'dead-letters'): string[] => Object.entries(letterReasons).flatMap(([reason, of]) => (of.store === store ? [reason] : []))

const content = {
  ...object({ encoding: { enum: ['utf-8', 'base64'] }, text: text(), bytes: count('How many the letter has.'), isCut: { type: 'boolean', description: 'There are more than are shown here; the letter itself shows all.' } }),
  description: 'The original bytes.',
}

const letter = {
  id: text('Names the letter below its list.'),
  reason: text('One word; docs/errors.md lists them.'),
  detail: text('What exactly is wrong.'),
  origin: { description: 'Where the bytes come from: `{url, page, index}` of an answer of the source, or `{topic, partition, offset}`.' },
  eventId: textOrNull('The id of the event, where it has one.'),
  eventTime: instantOrNull('Where it could be read.'),
  run: textOrNull('The run that has kept it.'),
  receivedAt: instant('When Kafka took it.'),
  content,
}

const window: JsonSchema = object({ view: text(), group: { type: 'object', description: 'By field.' }, start: instant('The first instant of the window.'), end: instant('The first instant after it.'), path: text('Where its rows are read.') })

export const lateLetterSchema: JsonSchema = object({ ...letter, includedGeneration: { type: ['integer', 'null'], description: 'The generation that has first counted it in its windows; null where it counts in none.' }, windows: { type: 'array', items: window, description: 'In which the event would count. Only of one letter, not of a list.' } }, ['windows'])

export const deadLetterSchema: JsonSchema = object({
  ...letter,
  hop: { enum: ['fetch', 'validate', 'publish', 'aggregate', 'store', null], description: 'Where on its way it was kept apart; null for a reason of another version.' },
  redrive: { enum: ['record', 'event', 'none'], description: 'What a redrive takes its bytes for: a record of the source, an event as it travels, or nothing that it can judge.' },
  state: { enum: ['open', 'redriven'] },
  attempts: count('How often a redrive has tried it in vain.'),
  lastAttempt: { ...object({ run: text(), at: instant('When.'), reason: text(), detail: text() }), type: ['object', 'null'], description: 'What the last of them has said.' },
  redriven: { ...object({ run: text(), at: instant('When.') }), type: ['object', 'null'], description: 'The run that has made an event of it.' },
})

const listOf = (schema: string): JsonSchema => object({ data: { type: 'array', items: { $ref: `#/components/schemas/${schema}` } }, page })

export const letterSchemas: Readonly<Record<string, JsonSchema>> = {
  LateLetter: lateLetterSchema,
  LateLetterList: listOf('LateLetter'),
  DeadLetter: deadLetterSchema,
  DeadLetterList: listOf('DeadLetter'),
  LetterCounts: object({
    from: instant('Letters from this instant on are counted…'),
    to: instant('…and before this one: of event time for late events, of arrival for dead letters.'),
    letters: count('Of this answer.'),
    byReason: countsBy('Letters by reason.'),
    byWindow: { type: 'array', items: { ...object({ ...(window['properties'] as Record<string, JsonSchema>), letters: count('Late events that would count in it.') }) }, description: 'Where `view` was sent: the windows of that view that have late events, the newest first.' },
    withoutWindow: count('Where `view` was sent: letters that would count in no window of it, or whose bytes were kept only in part.'),
    byState: { ...object({ open: count('Not redriven.'), redriven: count('Redriven.') }), description: 'Of dead letters.' },
    page,
  }, ['byWindow', 'withoutWindow', 'byState']),
}
