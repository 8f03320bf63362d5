import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { StreamDeclaration } from '@millrace/stream-kit'
import type { Place } from '../rules/position.ts'
import { sightings } from '../testing/sightings.ts'
import { HttpSourceReader } from './http-source-reader.ts'
import { checkedLookup } from './source-agent.ts'

const stream = sightings()
const position = { cursor: { seq: 0 }, page: 2, greatest: { seq: 0 } }
const never = new AbortController().signal
const json = { 'content-type': 'application/json' }

let server: Server | undefined
let reader: HttpSourceReader | undefined

afterEach(async () => {
  await reader?.close()
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener, timeout: '20 seconds' | '200 milliseconds' = '20 seconds', signal = never, place: Place = position) {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  reader = new HttpSourceReader({ hosts: [host], allowLoopback: true, allowPrivate: false })
  const served: StreamDeclaration = { ...stream, source: { ...stream.source, url: `http://${host}/sightings?kept=1`, timeout } }
  return reader.read(served, place, signal)
}

describe('HttpSourceReader', () => {
  it('asks what the declaration asks for and gives the records with the source\'s clock', async () => {
    let asked = ''
    const page = await serve((request, answer) => {
      asked = `${request.method ?? ''} ${request.url ?? ''}`
      answer.writeHead(200, { ...json, date: 'Thu, 01 Feb 2018 00:00:00 GMT' }).end('[{"seq":1,"seq":2}]')
    })
    expect(asked).toBe('GET /sightings?kept=1&after=6&limit=3')
    expect([page.items, page.dateMs, page.bytesOf(0).toString()]).toEqual([[{ seq: 2 }], Date.parse('2018-02-01T00:00:00Z'), '{"seq":1,"seq":2}'])
  })

  it('asks for a range as the declaration says, and says when there is none', async () => {
    let asked = ''
    await serve((request, answer) => {
      asked = request.url ?? ''
      answer.writeHead(200, json).end('[]')
    }, '20 seconds', never, { range: { from: 1_517_443_200_000, to: 1_517_446_800_001 }, page: 2 })
    expect(asked).toBe('/sightings?kept=1&from=2018-02-01T00%3A00%3A00.000Z&to=2018-02-01T01%3A00%3A00.001Z&skip=6&limit=3')
    await expect(reader?.read(sightings({ hasRange: false }), { range: { from: 0, to: 1 }, page: 0 }, never)).rejects.toThrow(expect.objectContaining({ code: 'declaration_failed', retry: 'never' }))
  })

  it.each([['gzip', gzipSync], ['br', brotliCompressSync]])('reads an answer packed with %s', async (encoding, pack) => {
    const page = await serve((_, answer) => answer.writeHead(200, { ...json, 'content-encoding': encoding }).end(pack('[{"seq":7}]')))
    expect(page.items).toEqual([{ seq: 7 }])
  })

  it('tells which records of an answer are not UTF-8, and reads the others', async () => {
    const page = await serve((_, answer) => answer.writeHead(200, json).end(Buffer.from('[{"seq":1},{"bird":"\xff"},{"seq":3}]', 'latin1')))
    expect(page.items.map((_, index) => page.isUtf8(index))).toEqual([true, false, true])
    expect([page.items[2], page.bytesOf(1)]).toEqual([{ seq: 3 }, Buffer.from('{"bird":"\xff"}', 'latin1')])
  })

  it.each<[string, string, string, RequestListener]>([
    ['sends us elsewhere', 'source_refused', 'never', (_, answer) => answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['asks to wait', 'source_busy', 'later', (_, answer) => answer.writeHead(429, { 'retry-after': '9' }).end()],
    ['answers HTML', 'source_answer_unreadable', 'later', (_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    ['cuts its JSON', 'source_answer_unreadable', 'later', (_, answer) => answer.writeHead(200, json).end('[{"seq":')],
    ['answers no list', 'source_answer_unreadable', 'later', (_, answer) => answer.writeHead(200, json).end('{"error":1}')],
    ['cuts the connection', 'source_unreachable', 'later', (_, answer) => { answer.writeHead(200, { ...json, 'content-length': '100' }).write('['); setImmediate(() => answer.destroy()) }],
    ['packs what is not packed', 'source_answer_unreadable', 'later', (_, answer) => answer.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('[]')],
    ['packs in a way we do not know', 'source_answer_unreadable', 'later', (_, answer) => answer.writeHead(200, { ...json, 'content-encoding': 'zstd' }).end('[]')],
    ['answers 11 MB', 'source_answer_too_large', 'never', (_, answer) => answer.writeHead(200, json).end(`["${'x'.repeat(11_000_000)}"]`)],
    ['is a gzip bomb', 'source_answer_too_large', 'never', (_, answer) => answer.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(40_000_000, 32)))],
  ])('says what is wrong when the source %s', async (_, code, retry, listener) => {
    await expect(serve(listener)).rejects.toMatchObject({ code, retry })
  })

  it('gives up on a source that sends for ever, a byte at a time', async () => {
    const listener: RequestListener = (_, answer) => {
      answer.writeHead(200, json)
      const timer = setInterval(() => answer.write(' '), 20)
      answer.on('close', () => { clearInterval(timer) })
    }
    await expect(serve(listener, '200 milliseconds')).rejects.toMatchObject({ code: 'source_unreachable', retry: 'later', message: expect.stringContaining('longer than 200 ms') })
  })

  it('lets go at once when it is told to', async () => {
    const stop = new AbortController()
    const reading = serve(() => { stop.abort(new Error('stopping')) }, '20 seconds', stop.signal)
    await expect(reading).rejects.toThrow('stopping')
  })

  it('says that nobody listens', async () => {
    reader = new HttpSourceReader({ hosts: ['127.0.0.1:1'], allowLoopback: true, allowPrivate: false })
    await expect(reader.read({ ...stream, source: { ...stream.source, url: 'http://127.0.0.1:1/' } }, position, never)).rejects.toMatchObject({ code: 'source_unreachable', retry: 'later' })
  })

  it('says that a function of the declaration throws', async () => {
    reader = new HttpSourceReader({ hosts: [], allowLoopback: true, allowPrivate: false })
    const broken: StreamDeclaration = { ...stream, source: { ...stream.source, request: () => { throw new Error('oops') } } }
    await expect(reader.read(broken, position, never)).rejects.toMatchObject({ code: 'declaration_failed', retry: 'never' })
  })

  it('never connects where a listed name resolves to a forbidden address', async () => {
    reader = new HttpSourceReader({ hosts: ['localhost'], allowLoopback: false, allowPrivate: false })
    await expect(reader.read({ ...stream, source: { ...stream.source, url: 'http://localhost:13009/' } }, position, never)).rejects.toMatchObject({ code: 'source_forbidden' })
  })
})

describe('checkedLookup', () => {
  const look = (addresses: string[], all: boolean) => new Promise((resolve) => {
    const lookup = checkedLookup({ hosts: [], allowLoopback: false, allowPrivate: false }, (_, callback) => { callback(null, addresses.map((address) => ({ address, family: 4 }))) })
    lookup('name.example', { all }, (error, address) => { resolve(error ?? address) })
  })

  it('gives the addresses of a name', async () => {
    expect(await look(['1.1.1.1', '8.8.8.8'], true)).toEqual([{ address: '1.1.1.1', family: 4 }, { address: '8.8.8.8', family: 4 }])
    expect(await look(['1.1.1.1'], false)).toBe('1.1.1.1')
  })

  it('refuses a name with one forbidden address among good ones', async () => {
    expect(await look(['1.1.1.1', '169.254.169.254'], true)).toMatchObject({ code: 'source_forbidden' })
  })
})
