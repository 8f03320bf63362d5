import { problemRefs } from '../openapi-responses.ts'
import { deadStates, letterLimit } from './letter-query.ts'
import { reasonsOf } from './letter-schema.ts'

const answer = (schema: string, description: string) => ({ 200: { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }, ...problemRefs() })
const query = (name: string, description: string, schema: object) => ({ name, in: 'query', description, schema })
const path = (name: string, description?: string) => ({ name, in: 'path', required: true, ...(description !== undefined && { description }), schema: { type: 'string' } })
const instant = { type: 'string', format: 'date-time' }

const version = query('version', 'Default: the newest.', { type: 'integer', minimum: 1 })
const limit = query('limit', 'Letters a page. A page may be shorter, even empty, and have a next one.', { type: 'integer', minimum: 1, maximum: letterLimit.max, default: letterLimit.default })
const cursor = query('cursor', '`page.next` of the answer before, with the same other parameters.', { type: 'string' })
const ofEvents = [
  query('from', 'Events of this instant or later. Default: a week before `to`.', instant),
  query('to', 'Events before this instant. Default: just after the highest event time of the stream.', instant),
]
const ofArrival = [
  query('from', 'Letters that arrived at this instant or later. Default: a week before `to`.', instant),
  query('to', 'Letters that arrived before this instant. Default: now.', instant),
]

/** The paths of what was kept apart. */
export const letterPaths = {
  '/v1/streams/{stream}/late': {
    get: {
      operationId: 'listLate', tags: ['letters'], summary: 'Events that came too late for their windows, the latest event first.',
      description: 'With `view`, `start` and `group` those that would count in one window.',
      parameters: [
        path('stream'), ...ofEvents,
        query('reason', 'Only letters of this reason.', { enum: reasonsOf('late') }),
        query('view', 'With `start` and `group`, instead of `from` and `to`: the window in which the event would count.', { type: 'string' }),
        query('start', '`windowStart` of that window.', instant),
        query('group', 'The values of the view\'s group fields as a JSON list, such as `["ci"]`. Left out for a view without groups.', { type: 'string' }),
        version, limit, cursor,
      ],
      responses: answer('LateLetterList', 'The late events.'),
    },
  },
  '/v1/streams/{stream}/late/counts': {
    get: {
      operationId: 'countLate', tags: ['letters'], summary: 'How many late events there are, by reason, and by window of one view.',
      parameters: [path('stream'), ...ofEvents, query('view', 'Count them by the windows of this view, too.', { type: 'string' }), version, cursor],
      responses: answer('LetterCounts', 'The counts of this answer; the rest is behind `page.next`.'),
    },
  },
  '/v1/streams/{stream}/late/{id}': {
    get: {
      operationId: 'readLate', tags: ['letters'], summary: 'One late event with all its bytes, and the windows in which it would count.',
      parameters: [path('stream'), path('id', '`id` of a list.'), version],
      responses: answer('LateLetter', 'The late event.'),
    },
  },
  '/v1/streams/{stream}/dead-letters': {
    get: {
      operationId: 'listDeadLetters', tags: ['letters'], summary: 'What could become no event or no row, the newest day first.',
      parameters: [
        path('stream'), ...ofArrival,
        query('reason', 'Only letters of this reason.', { enum: reasonsOf('dead-letters') }),
        query('state', 'Those of which a redrive has made an event are left out unless asked for.', { enum: [...deadStates], default: 'open' }),
        version, limit, cursor,
      ],
      responses: answer('DeadLetterList', 'The dead letters.'),
    },
  },
  '/v1/streams/{stream}/dead-letters/counts': {
    get: {
      operationId: 'countDeadLetters', tags: ['letters'], summary: 'How many dead letters there are, by reason and by state.',
      parameters: [path('stream'), ...ofArrival, version, cursor],
      responses: answer('LetterCounts', 'The counts of this answer; the rest is behind `page.next`.'),
    },
  },
  '/v1/streams/{stream}/dead-letters/{id}': {
    get: {
      operationId: 'readDeadLetter', tags: ['letters'], summary: 'One dead letter with all its bytes.',
      parameters: [path('stream'), path('id', '`id` of a list.'), version],
      responses: answer('DeadLetter', 'The dead letter.'),
    },
  },
}
