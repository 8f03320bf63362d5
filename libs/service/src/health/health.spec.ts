import { configureLog } from '@millrace/observability'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Health } from './health.ts'

const lines: string[] = []
let restore = (): void => undefined
beforeAll(() => { restore = configureLog({ write: (line) => lines.push(line) }) })
afterAll(() => { restore() })

describe('Health', () => {
  it('is ready while every check passes, and names what does not, without its message', async () => {
    const health = new Health()
    health.add('kafka', () => undefined)
    await expect(health.readiness()).resolves.toEqual({ isReady: true, checks: { kafka: 'ok' } })
    health.add('cassandra', () => { throw Object.assign(new Error('10.1.2.3:9042 refused'), { code: 'cassandra_unreachable' }) })
    await expect(health.readiness()).resolves.toEqual({ isReady: false, checks: { kafka: 'ok', cassandra: 'cassandra_unreachable' } })
  })

  it('says once that a dependency was lost, with the reason', async () => {
    lines.length = 0
    const health = new Health()
    health.add('kafka', () => Promise.reject(new Error('no broker')))
    await health.readiness()
    health.add('other', () => undefined)
    await health.readiness()
    expect(lines.filter((line) => line.includes('dependency_lost') && line.includes('no broker'))).toHaveLength(1)
  })

  it('shares one asking among those who ask at the same time', async () => {
    let asked = 0
    const health = new Health()
    health.add('slow', () => { asked += 1 })
    await Promise.all(Array.from({ length: 50 }, () => health.readiness()))
    expect(asked).toBe(1)
  })

  it('waits no longer than two seconds for a check that hangs', async () => {
    const health = new Health()
    health.add('hung', () => new Promise<void>(() => undefined))
    const startedAt = performance.now()
    await expect(health.readiness()).resolves.toEqual({ isReady: false, checks: { hung: 'no_answer' } })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it('is not ready once it stops', async () => {
    const health = new Health()
    health.stop()
    await expect(health.readiness()).resolves.toEqual({ isReady: false, checks: { worker: 'stopping' } })
  })

  it('refuses two checks of one name', () => {
    const health = new Health()
    health.add('kafka', () => undefined)
    expect(() => { health.add('kafka', () => undefined) }).toThrow("The health check 'kafka' is added twice.")
  })
})
