import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { IsOptional, IsString } from 'class-validator'
import { OpenRead } from '../access/access.decorators.ts'
import { createService } from '../create-service.ts'
import { waitUntil } from '../wait-until.ts'
import { limits } from './limits.ts'

class Anything {
  @IsOptional()
  data?: unknown

  @IsOptional()
  @IsString()
  q?: string
}

@Controller('things')
@OpenRead()
class ThingsController {
  @Get()
  read(@Query() query: Anything): Anything {
    return query
  }

  @Post()
  make(@Body() body: Anything): { made: boolean } {
    return { made: body.data !== undefined }
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication
let port: number
let sockets: Socket[] = []

beforeAll(() => { configureLog({ write: () => undefined }) })
beforeEach(async () => {
  app = await createService(ThingsModule, { name: 'spec', port: { env: 'MILLRACE_SPEC_PORT', default: 0 }, env: {}, limits: { headersMs: 300, requestMs: 600, checkEveryMs: 50 } })
  await app.listen(0, '127.0.0.1')
  port = (app.getHttpServer().address() as AddressInfo).port
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await app.close()
})

/** Opens a connection, sends this and collects what comes back. */
function send(text: string): { answer: () => string, isClosed: () => boolean } {
  let received = ''
  let closed = false
  const socket = connect({ host: '127.0.0.1', port })
  sockets.push(socket)
  socket.on('data', (chunk) => { received += chunk.toString() })
  socket.on('close', () => { closed = true })
  socket.on('error', () => { closed = true })
  socket.write(text)
  return { answer: () => received, isClosed: () => closed }
}

/** The status and the problem code of what is answered to this. */
async function answerTo(text: string): Promise<[status: number, code: string]> {
  const { answer } = send(text)
  await waitUntil(() => answer().includes('\r\n\r\n') && (/"code":"\w+"/.test(answer()) || answer().startsWith('HTTP/1.1 2')), { deadlineMs: 4_000, everyMs: 10, what: 'an answer' })
  expect(answer()).toMatch(/^HTTP\/1\.1 2|content-type: application\/(problem\+)?json/i)
  return [Number(/^HTTP\/1\.1 (\d+)/.exec(answer())?.[1]), /"code":"(\w+)"/.exec(answer())?.[1] ?? '']
}

function post(body: string, type = 'application/json'): string {
  return `POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

describe('limits of a worker', () => {
  it('are those that we promise', () => {
    expect(limits).toMatchObject({ bodyBytes: 16_384, headerBytes: 16_384, urlBytes: 8_192, headersMs: 10_000, requestMs: 30_000 })
  })

  it('takes a body of 16 KB and refuses one byte more', async () => {
    const body = (bytes: number): string => JSON.stringify({ data: 'x'.repeat(bytes - '{"data":""}'.length) })
    expect(await answerTo(post(body(16_384)))).toEqual([201, ''])
    expect(await answerTo(post(body(16_385)))).toEqual([413, 'body_too_large'])
  })

  it('takes a body of 32 levels and refuses 33, or a thousand', async () => {
    const nested = (levels: number): string => `{"data":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    expect(await answerTo(post(nested(32)))).toEqual([201, ''])
    expect(await answerTo(post(nested(33)))).toEqual([400, 'body_too_deep'])
    expect(await answerTo(post(nested(1_000)))).toEqual([400, 'body_too_deep'])
  })

  it('takes a list of 1,000 and refuses 1,001', async () => {
    const list = (items: number): string => JSON.stringify({ data: Array.from({ length: items }, () => 1) })
    expect(await answerTo(post(list(1_000)))).toEqual([201, ''])
    expect(await answerTo(post(list(1_001)))).toEqual([400, 'list_too_long'])
  })

  it.each([
    ['text/plain', '{}'], ['application/x-www-form-urlencoded', 'data=1'], ['application/xml', '<a/>'], ['multipart/form-data; boundary=x', '--x--'],
  ])('refuses a body of type %s', async (type, body) => {
    expect(await answerTo(post(body, type))).toEqual([415, 'unsupported_media_type'])
  })

  it.each(['{"data":1', '', 'nul', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '\u0000'])('refuses the body %j', async (body) => {
    expect(await answerTo(post(body))).toEqual([400, 'bad_request'])
  })

  it('takes an address of 8 KB and refuses one byte more', async () => {
    const get = (bytes: number): string => `GET /things?q=${'x'.repeat(bytes - '/things?q='.length)} HTTP/1.1\r\nhost: x\r\n\r\n`
    expect(await answerTo(get(8_192))).toEqual([200, ''])
    expect(await answerTo(get(8_193))).toEqual([414, 'url_too_long'])
  })

  it('refuses headers of more than 16 KB, and what is no HTTP', async () => {
    expect(await answerTo(`GET /things HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(12_000)}\r\n\r\n`)).toEqual([200, ''])
    expect(await answerTo(`GET /things HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(17_000)}\r\n\r\n`)).toEqual([431, 'headers_too_large'])
    expect(await answerTo('HELLO\r\n\r\n')).toEqual([400, 'bad_request'])
  })

  it('ends a client that does not finish its headers or its body', async () => {
    const slow = [send('GET /things HTTP/1.1\r\nhost: x\r\n'), send(post('{}').slice(0, -1))]
    await waitUntil(() => slow.every(({ isClosed }) => isClosed()), { deadlineMs: 4_000, everyMs: 20, what: 'both to be closed' })
    expect(slow.map(({ answer }) => answer().slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408'])
  })

  it('serves a good client while 200 others are slow', async () => {
    const slow = Array.from({ length: 200 }, () => send('GET /things HTTP/1.1\r\nhost: x\r\n'))
    const startedAt = performance.now()
    expect(await answerTo('GET /things HTTP/1.1\r\nhost: x\r\n\r\n')).toEqual([200, ''])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await waitUntil(() => slow.every(({ isClosed }) => isClosed()), { deadlineMs: 4_000, everyMs: 20, what: 'the slow ones to be closed' })
  })
})
