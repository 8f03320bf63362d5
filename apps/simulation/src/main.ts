import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { campaign, sometimes } from './campaign.ts'
import { simulate, type Outcome } from './simulate.ts'
import { spread, usualProcesses } from './spread.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' }, seeds: { type: 'string', default: '1' }, processes: { type: 'string', default: String(usualProcesses) },
    trace: { type: 'boolean', default: false }, coverage: { type: 'boolean', default: false }, report: { type: 'string' },
  },
})
const [first, seeds, processes] = [Number(values.seed), Number(values.seeds), Number(values.processes)]

if (process.send) process.send(await campaign({ first, seeds, onOutcome: tellViolations }), () => { process.disconnect() })
else if (seeds === 1 || values.trace) await tellOne()
else await tellAll()

async function tellOne(): Promise<void> {
  const { violations, digest, steps, settledMs, trace } = await simulate({ seed: first, isTraced: true })
  console.log((values.trace ? trace : trace.slice(-40)).join('\n'))
  console.log(`seed ${first}: ${violations.length === 0 ? `as promised, settled after ${settledMs / 1_000} calm seconds` : violations.join('\n  ')}\n${steps} steps, digest ${digest}`)
  process.exitCode = violations.length === 0 ? 0 : 1
}

async function tellAll(): Promise<void> {
  const startedAt = performance.now()
  const { failures, ...found } = await spread({ first, seeds, processes })
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  console.log(`${found.seeds} seeds, ${failures.length} violated; ${seconds} s in ${processes} processes; ${(found.cpuMs / found.seeds).toFixed(1)} ms of the processor and ${Math.round(found.steps / found.seeds)} steps a seed; longest settling ${found.longestSettlingMs / 1_000} s; digest ${found.digest}`)
  if (values.coverage) for (const [what, times] of Object.entries(found.happened)) console.log(String(times).padStart(9), what)
  const never = sometimes.filter((what) => found.happened[what] === undefined)
  if (never.length > 0) console.log(`Never happened: ${never.join(', ')}.`)
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ failures, ...found }))
  process.exitCode = failures.length === 0 ? 0 : 1
}

function tellViolations({ seed, violations }: Outcome): void {
  if (violations.length > 0) console.log(`seed ${seed}: ${violations.slice(0, 3).join('\n  ')}\n  again: npm run simulate -- --seed ${seed} --trace`)
}
