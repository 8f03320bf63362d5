import { connect, type AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configureLog } from '@millrace/observability'
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CurrentCaller, OpenRead, RequireScope } from '../access/access.decorators.ts'
import type { Caller } from '../access/scope.ts'
import { createService, type ServiceOptions } from '../create-service.ts'
import { guardRoute, listRoutes } from './routes.ts'

@Controller('v1/things')
class ThingsController {
  @Get()
  @OpenRead()
  read(@CurrentCaller() caller: Caller): Caller {
    return caller
  }

  @Post('run')
  @HttpCode(202)
  @RequireScope('ingest:trigger')
  run(): { ran: boolean } {
    return { ran: true }
  }

  @Get('undeclared')
  undeclared(): { reached: boolean } {
    return { reached: true }
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const folder = mkdtempSync(join(tmpdir(), 'millrace-routes-'))
const keysFile = join(folder, 'verify.json')
const key = (id: string, scope: string): object => ({ id, sha256: createHash('sha256').update(`${id}.secret`).digest('hex'), scopes: [scope], expires: null })

function start(read: 'open' | 'key', configure?: ServiceOptions['configure']): Promise<NestFastifyApplication> {
  return createService(ThingsModule, { name: 'spec', port: { env: 'MILLRACE_SPEC_PORT', default: 0 }, env: { MILLRACE_READ: read, MILLRACE_KEYS_FILE: keysFile }, ...configure === undefined ? {} : { configure } })
}

const withRaw: ServiceOptions['configure'] = (app) => {
  app.getHttpAdapter().getInstance().get('/raw/:name', { preHandler: guardRoute(app, 'query:read') }, () => ({ raw: true }))
}

let open: NestFastifyApplication
let closed: NestFastifyApplication
beforeAll(async () => {
  configureLog({ write: () => undefined })
  writeFileSync(keysFile, JSON.stringify([key('t', 'ingest:trigger'), key('r', 'query:read'), key('a', 'admin')]))
  open = await start('open', withRaw)
  closed = await start('key', withRaw)
  await open.init()
  await closed.listen(0, '127.0.0.1')
})
afterAll(async () => {
  await open.close()
  await closed.close()
  rmSync(folder, { recursive: true })
})

async function status(app: NestFastifyApplication, method: 'GET' | 'POST', url: string, id?: string): Promise<number> {
  return (await app.inject({ method, url, headers: id === undefined ? {} : { authorization: `Bearer ${id}.secret` } })).statusCode
}

describe('the routes of a worker', () => {
  it('are listed, raw ones included', () => {
    expect(listRoutes(open).filter(({ method }) => method !== 'HEAD').map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /health/live', 'GET /health/ready', 'GET /metrics', 'GET /raw/:name', 'GET /v1/things', 'GET /v1/things/undeclared', 'POST /v1/things/run',
    ])
  })

  it.each([
    ['GET', '/v1/things', 200, [401, 403, 200, 200]],
    ['GET', '/metrics', 200, [401, 403, 200, 200]],
    ['POST', '/v1/things/run', 401, [401, 202, 403, 202]],
    ['GET', '/v1/things/undeclared', 401, [401, 403, 403, 200]],
    ['GET', '/raw/x', 401, [401, 403, 200, 200]],
    ['GET', '/health/live', 200, [200, 200, 200, 200]],
  ] as const)('%s %s answers who it may', async (method, path, whenOpen, whenClosed) => {
    expect(await status(open, method, path)).toBe(whenOpen)
    const answers = [await status(closed, method, path), await status(closed, method, path, 't'), await status(closed, method, path, 'r'), await status(closed, method, path, 'a')]
    expect(answers).toEqual(whenClosed)
  })

  it('know whose request it is', async () => {
    expect((await open.inject('/v1/things')).json()).toEqual({ id: 'anonymous', scopes: [] })
    expect((await open.inject({ url: '/v1/things', headers: { authorization: 'Bearer r.secret' } })).json()).toEqual({ id: 'r', scopes: ['query:read'] })
  })

  it('believe X-Forwarded-For only from a proxy that is named', async () => {
    const ipSeen = async (env: Record<string, string>): Promise<string> => {
      let ip = ''
      const app = await createService(ThingsModule, { name: 'spec', port: { env: 'MILLRACE_SPEC_PORT', default: 0 }, env, configure: (raw) => {
        raw.getHttpAdapter().getInstance().addHook('onRequest', (request, _reply, done) => {
          ip = request.ip
          done()
        })
      } })
      await app.init()
      await app.inject({ url: '/health/live', headers: { 'x-forwarded-for': '9.9.9.9' } })
      await app.close()
      return ip
    }
    expect(await ipSeen({})).toBe('127.0.0.1')
    expect(await ipSeen({ MILLRACE_TRUSTED_PROXIES: '10.0.0.1' })).toBe('127.0.0.1')
    expect(await ipSeen({ MILLRACE_TRUSTED_PROXIES: '127.0.0.1' })).toBe('9.9.9.9')
  })

  it('do not come up with a raw one that says nothing about access', async () => {
    await expect(start('open', (app) => { app.getHttpAdapter().getInstance().get('/bare', () => ({})) })).rejects.toThrow('The raw route GET /bare says nothing about who may call it.')
  })
})

/** As sent on the wire: `app.inject` would tidy them up. */
const requests: [name: string, text: string][] = [
  ...['//v1/things/run', '/v1//things/run', '/v1/things/run/', '/v1/things/run//', '/./v1/things/run', '/x/../v1/things/run', '/health/live/../../v1/things/run', '/health/..%2fv1/things/run', '/v1/things/run;x', '/v1;x/things/run', '/v1/things/%72un', '/%761/things/run', '/v1/things/run%00', '/v1/things/run%20', '/v1/things/run%2f', '/v1%2fthings%2frun', '/V1/Things/Run', '/v1/things/RUN', '/v1\\things\\run', '/v1/things/run?', '/v1/things/run?/health/live', '/v1/things/run#/health/live', 'http://127.0.0.1/v1/things/run', 'http://127.0.0.1/health/live/../../v1/things/run', '*', '/v1/things/run.json', '/%2e/v1/things/run', '/v1/things/run%', '/v1/things/r%75n%3bx']
    .map((target): [string, string] => [`POST ${target}`, `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`]),
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'post', 'PROPFIND'].map((method): [string, string] => [`${method} on the path of a POST`, `${method} /v1/things/run HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`]),
  ...['x-http-method-override: GET', 'x-original-url: /health/live', 'x-rewrite-url: /health/live', 'x-forwarded-for: 127.0.0.1', 'x-forwarded-prefix: /health', 'authorization: Bearer', 'authorization: Bearer x.y\r\nauthorization: Bearer t.secret', 'authorization: Basic dC5zZWNyZXQ=', 'cookie: authorization=Bearer t.secret', 'proxy-authorization: Bearer t.secret', 'content-type: text/plain', 'content-type: application/json;charset=utf-7', 'expect: 100-continue', 'upgrade: websocket\r\nconnection: upgrade', 'transfer-encoding: chunked, identity']
    .map((header): [string, string] => [header, `POST /v1/things/run HTTP/1.1\r\nhost: x\r\n${header}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`]),
  ['an HTTP/1.0 request', 'POST /v1/things/run HTTP/1.0\r\n\r\n'],
  ['a smuggled second request', 'POST /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nPOST /v1/things/run HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  ...['/v1/things', '//v1/things', '/v1/things/', '/V1/things', '/v1/th%69ngs', '/raw/x', '/raw/%2e%2e/health/live', '/raw//', '/raw/health%2flive', '/metrics', '/metrics/', '/%6detrics', '/v1/things/undeclared'].flatMap((target) => ['GET', 'HEAD'].map((method): [string, string] =>
    [`${method} ${target}`, `${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`])),
]

describe('the guard', () => {
  it.each(requests)('is not got around by %s', async (_, text) => {
    const answer = await exchange((closed.getHttpServer().address() as AddressInfo).port, text)
    expect(answer).toMatch(/^(HTTP\/1\.1 100 Continue\s+)?HTTP\/1\.1 [45]\d\d /)
    expect(answer).not.toMatch(/HTTP\/1\.1 2\d\d |"ran":true|"reached":true|"raw":true|"scopes"/)
  })

  it('lets the plain request in with its key, so that the corpus proves something', async () => {
    const answer = await exchange((closed.getHttpServer().address() as AddressInfo).port, 'POST /v1/things/run HTTP/1.1\r\nhost: x\r\nauthorization: Bearer t.secret\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 202 [^]*"ran":true/)
  })
})

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect({ host: '127.0.0.1', port }, () => { socket.write(text) })
    socket.on('data', (chunk) => { received += chunk.toString() }).on('error', reject).on('close', () => { resolve(received) })
  })
}
