import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listRoutes, waitUntil, type AppModule, type Environment, type Scope } from '@millrace/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { bypassAttempts } from './bypass-corpus.ts'
import { openedSince, openResources } from './open-resources.ts'
import { testKeys, type TestKeys } from './test-keys.ts'
import { testService, type TestServiceOptions } from './test-service.ts'
import { uncheckedInputs } from './unchecked-inputs.ts'

export type WorkerOptions = TestServiceOptions & {
  readonly name: string
  /** Whether it becomes ready in this test, with the twins it is given. Default true. */
  readonly becomesReady?: boolean
}

const scopes: readonly Scope[] = ['ingest:trigger', 'stream:control', 'query:read']

/**
 * What every worker owes, whatever it does: health, metrics, a guard on each route, problems, checked inputs, and an end
 * that leaves nothing open. `makeModule` is called once for each application the suite makes.
 */
export function describeWorker(makeModule: () => AppModule, options: WorkerOptions): void {
  describe(`${options.name} as a worker`, () => {
    let keys: TestKeys
    let app: NestFastifyApplication

    const start = (env: Environment): Promise<NestFastifyApplication> =>
      testService(makeModule(), { ...options, env: { ...options.env, MILLRACE_KEYS_FILE: keys.file, ...env } })
    beforeAll(async () => {
      keys = testKeys()
      app = await start({ MILLRACE_READ: 'key' })
    })
    afterAll(async () => {
      await app.close()
      keys.remove()
    })

    /** All routes but health, with something in the place of their parameters. */
    const routes = (): { method: 'GET' | 'POST', path: string }[] => listRoutes(app)
      .filter(({ path }) => !path.startsWith('/health/'))
      .map(({ method, path }) => ({ method: method as 'GET' | 'POST', path: path.replaceAll(/:\w+(\([^)]*\))?|\*/g, 'x') }))

    it('is alive, and says whether it is ready', async () => {
      expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' })
      const ready = await app.inject('/health/ready')
      expect([200, 503]).toContain(ready.statusCode)
      expect(ready.json()).toHaveProperty('checks')
      if (options.becomesReady === false) return
      await waitUntil(async () => (await app.inject('/health/ready')).statusCode === 200, { deadlineMs: 4_000, everyMs: 100, what: `${options.name} to be ready` })
    })

    it('shows its metrics to who may read', async () => {
      expect((await app.inject('/metrics')).statusCode).toBe(401)
      const answer = await app.inject({ url: '/metrics', headers: { authorization: keys.bearer('query:read') } })
      expect(answer.headers['content-type']).toContain('text/plain')
      expect(answer.body).toContain('# TYPE millrace_')
    })

    it('answers every route with 401 without a valid key, and with 403 for a key of another scope', async () => {
      expect(routes()).not.toHaveLength(0)
      for (const { method, path } of routes()) {
        const where = `${method} ${path}`
        const without = await app.inject({ method, url: path })
        expect([where, without.statusCode]).toEqual([where, 401])
        const expired = await app.inject({ method, url: path, headers: { authorization: keys.bearer('expired') } })
        expect([where, expired.statusCode]).toEqual([where, 401])
        const sufficient = /scope="([^"]+)"/.exec(String(without.headers['www-authenticate']))?.[1]?.split(' ')
        expect(sufficient).toBeDefined()
        for (const scope of scopes) {
          const { statusCode } = await app.inject({ method, url: path, headers: { authorization: keys.bearer(scope) } })
          const isRefused = statusCode === 401 || statusCode === 403
          expect([where, scope, isRefused ? statusCode : 'let in']).toEqual([where, scope, sufficient?.includes(scope) === true ? 'let in' : 403])
        }
      }
    })

    it('lets no oddly written request around the guard', async () => {
      for (const { method, path } of routes()) {
        for (const attempt of bypassAttempts(method, path)) {
          const { statusCode } = await app.inject(attempt)
          expect([attempt, statusCode >= 400]).toEqual([attempt, true])
        }
      }
    }, 20_000)

    it('checks every body and query it takes', () => {
      expect(uncheckedInputs(app)).toEqual([])
    })

    it('answers an unknown path with a problem that can be found in the log', async () => {
      const answer = await app.inject({ url: '/no/such/path', headers: { 'x-correlation-id': 'spec-12345678' } })
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toContain('application/problem+json')
      expect(answer.headers['x-correlation-id']).toBe('spec-12345678')
      expect(answer.json()).toMatchObject({ status: 404, code: 'not_found', correlationId: 'spec-12345678' })
      expect(answer.body).not.toMatch(/node_modules|\.ts:|\bat /)
    })

    it('stops within five seconds and leaves nothing open', async () => {
      const before = openResources()
      const other = await start({ MILLRACE_READ: 'key' })
      await other.listen(0, '127.0.0.1')
      await answered((other.getHttpServer().address() as AddressInfo).port)
      const startedAt = performance.now()
      await other.close()
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      await waitUntil(() => {
        const left = openedSince(before)
        if (Object.keys(left).length > 0) throw new Error(`Still open: ${JSON.stringify(left)}`)
        return true
      }, { deadlineMs: 2_000, what: `everything of ${options.name} to be closed` })
    })
  })
}

function answered(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/health/live', agent: false }, (response) => {
      response.resume().on('end', resolve)
    }).on('error', reject)
  })
}
