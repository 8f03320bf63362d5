import { bool, defineStream, httpSource, instant, int, real, text, tumbling, uuid } from '@millrace/stream-kit'
import { describe, expect, it } from '@jest/globals'
import { originalBytes } from '../source/original-bytes.ts'
import { eventValidator } from './event-validator.ts'
import { readRecord } from './read-record.ts'
import type { SourceRecord } from './source-record.ts'

/** One field of each kind; its records are events as they are. */
const stream = defineStream({
  name: 'readings', version: 1, summary: 'A reading.',
  event: { id: text({ maxLength: 64 }), site: text({ maxLength: 64 }), at: instant(), level: real().optional(), floor: int().optional(), isDry: bool().optional(), trace: uuid().optional() },
  id: ['id'], key: 'site', eventTime: 'at', lateness: '1 minute', retention: '1 hour', partitions: 1,
  source: httpSource({
    url: 'http://127.0.0.1:13009/readings', start: { seq: 0 }, overlap: 0, pageSize: 10, timeout: '1 second', order: 'any',
    request: () => ({ query: {} }), items: (body: { items: object[] }) => body.items, advance: (cursor) => cursor,
    toEvent: (item) => item as { id: string, site: string, at: number },
  }),
  views: { 'per-minute': { summary: 'By minute.', window: tumbling('1 minute'), by: ['site'] } },
})
const at = Date.parse('2026-01-01T00:00:00Z')
const context = { stream, validate: eventValidator(stream), clockMs: at }

/** A record as it stands in the text of a page, read as ingestion reads it. */
function read(record: string | Buffer): SourceRecord {
  const page = Buffer.concat([Buffer.from('{"items":['), Buffer.from(record), Buffer.from(']}')])
  const body = JSON.parse(page.toString()) as { items: unknown[] }
  const { bytesOf, isUtf8 } = originalBytes(page, body, body.items)
  return readRecord({ value: body.items[0], origin: { url: 'u', page: 0, index: 0 }, bytes: () => bytesOf(0), isUtf8: isUtf8(0) }, context)
}

const record = (members: string, { id = '"r1"', site = '"north"' } = {}): string => `{"id":${id},"site":${site},"at":${at}${members === '' ? '' : `,${members}`}}`
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

describe('a record that the source writes badly', () => {
  it.each<[string, string, string, RegExp]>([
    ['a list', '[]', 'unreadable', /^toEvent gave no object$/],
    ['null', 'null', 'unreadable', /^toEvent gave no object$/],
    ['a text for a real', record('"level":"1.5"'), 'schema', /^\/level must be number$/],
    ['true for a whole number', record('"floor":true'), 'schema', /^\/floor must be integer$/],
    ['a fraction for a whole number', record('"floor":1.5'), 'schema', /^\/floor must be integer$/],
    ['a number for a bool', record('"isDry":0'), 'schema', /^\/isDry must be boolean$/],
    ['an object for a text', record('', { site: '{"name":"north"}' }), 'schema', /^\/site must be string$/],
    ['a text that is no uuid', record('"trace":"1"'), 'schema', /^\/trace must match pattern/],
    ['1e400 for a real', record('"level":1e400'), 'schema', /^\/level must be number$/],
    ['-1e400 for a whole number', record('"floor":-1e400'), 'schema', /^\/floor must be/],
    ['2^53 for a whole number', record('"floor":9007199254740992'), 'schema', /^\/floor must be <= 9007199254740991$/],
    ['half a character in its id', record('', { id: '"r\\ud800"' }), 'schema', /^\/id must be well-formed Unicode/],
    ['half a character, the other half, in its key', record('', { site: '"\\udc00north"' }), 'schema', /^\/site must be well-formed Unicode/],
    ['two halves in the wrong order', record('', { site: '"\\udc00\\ud800"' }), 'schema', /^\/site must be well-formed Unicode/],
    ['__proto__', record('"__proto__":{"level":1}'), 'schema', /^the event must NOT have additional properties: "__proto__"$/],
    ['constructor', record('"constructor":1'), 'schema', /^the event must NOT have additional properties: "constructor"$/],
    ['__proto__ in the place of its fields', `{"__proto__":${record('')}}`, 'schema', /^the event must have required property/],
    ['a field that nests 100,000 deep', record(`"level":${nested(100_000)}`), 'schema', /^\/level must be number$/],
    ['a member that nests 100,000 deep', record(`"more":${nested(100_000)}`), 'schema', /^the event must NOT have additional properties: "more"$/],
    ['a text of 9 MB', record('', { site: JSON.stringify('n'.repeat(9_000_000)) }), 'schema', /^\/site must NOT have more than 64 characters$/],
  ])('%s is refused, with its bytes', (_, text, reason, detail) => {
    const found = read(text)
    expect(found).toMatchObject({ kind: 'refused', reason, detail: expect.stringMatching(detail) })
    expect(found.bytes().toString()).toBe(text)
  })

  it('counts with the last of doubled keys, as JSON.parse has it, and keeps all of them in its bytes', () => {
    const text = record('"level":1,"level":2')
    expect(read(text)).toMatchObject({ kind: 'candidate', event: { level: 2 } })
    expect(read(text).bytes().toString()).toBe(text)
    expect(read(record('"level":1,"level":"x"'))).toMatchObject({ kind: 'refused', detail: '/level must be number' })
  })

  it('may hold any whole character, NUL and those beyond sixteen bits too', () => {
    const event = { id: 'r\0', site: '\u{1f989}\ufffd\u2028"\\', at }
    expect(read(JSON.stringify(event))).toMatchObject({ kind: 'candidate', event })
  })

  it.each<[string, number[]]>([['a stray byte', [0xff]], ['the beginning of a character', [0xc3]], ['half a surrogate pair in bytes', [0xed, 0xa0, 0x80]], ['an overlong slash', [0xc0, 0xaf]]])('%s that is not UTF-8 is refused, with its bytes', (_, bytes) => {
    const [before = '', after = ''] = record('', { site: '"@"' }).split('@')
    const bad = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
    const found = read(bad)
    expect(found).toMatchObject({ kind: 'refused', reason: 'encoding', detail: 'its bytes are not UTF-8' })
    expect(found.bytes()).toEqual(bad)
  })

  it('gets no pollution into other objects', () => {
    read(record('"__proto__":{"polluted":true}'))
    expect('polluted' in {}).toBe(false)
  })
})
