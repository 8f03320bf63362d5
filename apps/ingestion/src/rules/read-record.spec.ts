import { describe, expect, it } from '@jest/globals'
import { sightings } from '../testing/sightings.ts'
import { eventValidator } from './event-validator.ts'
import { readRecord } from './read-record.ts'

const stream = sightings()
const clockMs = Date.parse('2026-01-01T00:00:00Z')
const context = { stream, validate: eventValidator(stream), clockMs }
const read = (value: unknown, bytes = () => Buffer.from(JSON.stringify(value ?? null))) => readRecord({ value, origin: { url: 'u', page: 0, index: 3 }, bytes, isUtf8: true }, context)
const owl = { id: 'b1', bird: 'owl', count: 2, seenAt: clockMs }

describe('readRecord', () => {
  it('reads an event, with an id and a digest of its content', () => {
    expect(read(owl)).toMatchObject({ kind: 'candidate', event: owl, eventTime: clockMs, id: expect.stringMatching(/^[\w-]{22}$/), content: expect.stringMatching(/^[\w-]{8}$/) })
  })

  it('has one id for one record, and another content where the content is another', () => {
    const [one, same, revised] = [read(owl), read({ ...owl }), read({ ...owl, count: 3 })]
    expect([same.id, same.content]).toEqual([one.id, one.content])
    expect(revised.id).toBe(one.id)
    expect(revised.content).not.toBe(one.content)
  })

  it.each([
    ['toEvent fails', null, 'unreadable', /toEvent failed: .*null/],
    ['a field has the wrong type', { ...owl, count: 'x' }, 'schema', /^\/count must be integer$/],
    ['a number is beyond doubles', { ...owl, count: Number.POSITIVE_INFINITY }, 'schema', /^\/count must be/],
    ['an integer is not safe', { ...owl, count: 2 ** 53 }, 'schema', /^\/count must be <=/],
    ['a required field is missing', { id: 'b1', seenAt: clockMs }, 'schema', /^the event must have required property 'bird'$/],
    ['a text is empty', { ...owl, bird: '' }, 'schema', /^\/bird must NOT have fewer than 1/],
    ['a text is half a character', { ...owl, bird: 'ow\ud83e' }, 'schema', /^\/bird must be well-formed Unicode/],
    ['the event time is text without a zone', { ...owl, seenAt: '2026-01-01T00:00:00' }, 'schema', /^\/seenAt must be integer$/],
    ['the event time is beyond the year 9999', { ...owl, seenAt: 253_402_300_800_000 }, 'schema', /^\/seenAt must be <=/],
    ['the event is ahead of the clock by more than the tolerance', { ...owl, seenAt: clockMs + 300_001 }, 'future', /^seenAt is 300 s ahead/],
  ])('refuses a record where %s', (_, value, reason, detail) => {
    expect(read(value)).toMatchObject({ kind: 'refused', reason, detail: expect.stringMatching(detail), id: expect.stringMatching(/^[\w-]{22}$/) })
  })

  it('takes an event that is ahead of the clock by the tolerance, of 1970 or before', () => {
    for (const seenAt of [clockMs + 300_000, 0, -1]) expect(read({ ...owl, seenAt })).toMatchObject({ kind: 'candidate', eventTime: seenAt })
  })

  it('tells the time of a refused record where it can be read', () => {
    expect(read({ ...owl, count: 'x' }).eventTime).toBe(clockMs)
    expect(read({ ...owl, seenAt: 'x' }).eventTime).toBeNull()
    expect(read({ ...owl, seenAt: 1e300 }).eventTime).toBeNull()
  })

  it('knows a refused record again by its bytes', () => {
    const bytes = () => Buffer.from('{"a":1,"a":1e400}')
    expect(read(null, bytes).id).toBe(read(null, bytes).id)
    expect(read(null, bytes).id).not.toBe(read(null).id)
  })

  it('refuses an event that leaves no room in a page', () => {
    const wide = { ...stream, event: { ...stream.event, bird: { kind: 'text' as const, isOptional: false, maxLength: 1_000_000 } } }
    const large = { ...owl, bird: 'o'.repeat(300_000) }
    expect(readRecord({ value: large, origin: { url: 'u', page: 0, index: 0 }, bytes: () => Buffer.from('x'), isUtf8: true }, { stream: wide, validate: eventValidator(wide), clockMs })).toMatchObject({ kind: 'refused', reason: 'too-large' })
  })
})
