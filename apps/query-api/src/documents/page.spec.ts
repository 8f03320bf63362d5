import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testService } from '@millrace/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { QueryApiModule } from '../query-api.module.ts'
import { Twins } from '../stores.fixture.ts'
import { PageFiles } from './page-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-page-'))
let app: NestFastifyApplication

async function open(files: PageFiles): Promise<void> {
  app = await testService(QueryApiModule, { override: (builder) => new Twins().override(builder).overrideProvider(PageFiles).useValue(files) })
}

beforeAll(() => {
  mkdirSync(join(folder, 'page'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script src="./page/main-a1.js"></script>')
  writeFileSync(join(folder, 'page', 'main-a1.js'), 'start()')
  writeFileSync(join(folder, 'page', 'keys.txt'), 'secret')
  writeFileSync(join(folder, 'above.js'), 'secret')
})
afterEach(() => app.close())
afterAll(() => { rmSync(folder, { recursive: true }) })

describe('the page', () => {
  it('may load nothing but what this API serves, run nothing inline, and be framed by nobody', async () => {
    await open(new PageFiles(folder))
    const { statusCode, headers, body } = await app.inject('/')
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache'])
    expect(body).toContain('main-a1.js')
    expect(String(headers['content-security-policy']).split('; ')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]))
    expect(headers['content-security-policy']).not.toContain('unsafe')
  })

  it('has files that are kept for good, as their names change with them', async () => {
    await open(new PageFiles(folder))
    const { statusCode, headers, body } = await app.inject('/page/main-a1.js')
    expect([statusCode, body, headers['content-type'], headers['cache-control']]).toEqual([200, 'start()', 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'])
  })

  it.each(['keys.txt', 'main-b2.js', '..%2Fabove.js', '%2e%2e%2fabove.js', '.hidden.js', 'main-a1.js%00.js', 'constructor'])('has no file %s', async (name) => {
    await open(new PageFiles(folder))
    const { statusCode, body } = await app.inject(`/page/${name}`)
    expect(statusCode).toBe(404)
    expect(body).not.toContain('secret')
  })

  it('says how it is built where it was not', async () => {
    await open(new PageFiles(join(folder, 'nowhere')))
    const { statusCode, body } = await app.inject('/')
    expect([statusCode, body.includes('npx nx build dashboard')]).toEqual([404, true])
  })
})
