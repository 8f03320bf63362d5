import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { compose } from './compose.ts'

const port = 19_090
const profile = ['--profile', 'observability'] as const

interface Targets { readonly data: { readonly activeTargets: readonly { readonly labels: Readonly<Record<string, string>>; readonly health: string; readonly lastError: string }[] } }
interface Rules { readonly data: { readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[] } }

/** Prometheus of the profile observability; Grafana has no stand-in, and nothing of ours runs in it but files. */
export function monitoringSuite(line: Line): void {
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${port + line.portOffset}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) })
    return await answer.json() as Answer
  }

  describe('Prometheus', () => {
    beforeAll(() => compose(line, ...profile, 'up', '--wait', '--no-recreate', 'prometheus'), 180_000)
    // What a profile has begun, `down` without it would leave.
    afterAll(() => compose(line, ...profile, 'rm', '--stop', '--force', 'prometheus'), 60_000)

    it('reads every worker, with a key of its own', async () => {
      const seen = await eventually(async () => {
        const { data: { activeTargets } } = await ask<Targets>('targets')
        return activeTargets.every(({ health }) => health !== 'unknown') && activeTargets
      }, { deadlineMs: 60_000, everyMs: 500, what: 'Prometheus to have read every worker' })
      expect(seen.map(({ labels, health, lastError }) => `${String(labels['app'])} ${health} ${lastError}`.trim()).sort()).toEqual(['ingestion up', 'materializer up', 'query-api up', 'source-simulator up', 'spark-bridge up'])
    })

    it('judges every rule', async () => {
      const { data: { groups } } = await ask<Rules>('rules')
      const rules = groups.flatMap((group) => group.rules)
      expect(rules.length).toBeGreaterThan(20)
      expect(rules.filter(({ health }) => health === 'err')).toEqual([])
    })
  })
}
