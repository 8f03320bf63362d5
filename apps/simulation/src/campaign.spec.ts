import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sometimes, type Campaign } from './campaign.ts'

const seeds = 10_000
const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'millrace-simulation-'))
let found: Campaign

/** In processes of their own, as `npm run simulate` does: Jest's modules are slower, and its memory is not ours to fill. */
beforeAll(async () => {
  const report = join(folder, 'report.json')
  const args = ['--import', './tools/swc-loader.mjs', 'apps/simulation/src/main.ts', '--seeds', String(seeds), '--report', report]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  await new Promise((resolve) => child.once('close', resolve))
  found = JSON.parse(readFileSync(report, 'utf8')) as Campaign
}, 3_600_000)

afterAll(() => { rmSync(folder, { recursive: true }) })

describe(`${seeds} worlds`, () => {
  it('are as promised: nothing lost, nothing double, settled in time', () => {
    expect(found.failures).toEqual([])
    expect(found.seeds).toBe(seeds)
  })

  it('have seen every fault, every intervention and a death at every request', () => {
    expect(sometimes.filter((what) => (found.happened[what] ?? 0) === 0)).toEqual([])
  })
})
