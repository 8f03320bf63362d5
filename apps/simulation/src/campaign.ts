import { faults } from './engine/faults.ts'
import { interventionNames } from './actors/operator.ts'
import { simulate, type Outcome } from './simulate.ts'

export interface CampaignOptions {
  readonly first: number
  readonly seeds: number
  /** Failures after which it is enough. */
  readonly mostFailures?: number
  readonly onOutcome?: (outcome: Outcome) => void
}

/** What many worlds have shown. */
export interface Campaign {
  readonly seeds: number
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[]
  readonly steps: number
  readonly longestSettlingMs: number
  /** How often everything has happened, over all worlds. */
  readonly happened: Readonly<Record<string, number>>
  /** Of all digests, in order: equal for equal stories. */
  readonly digest: string
  readonly cpuMs: number
}

/** Lives through one world after the other. */
export async function campaign({ first, seeds, mostFailures = 10, onOutcome }: CampaignOptions): Promise<Campaign> {
  const cpuBefore = process.cpuUsage()
  const failures: { seed: number; violations: readonly string[] }[] = []
  const happened = new Map<string, number>()
  let [lived, steps, longestSettlingMs, digest] = [0, 0, 0, 0]
  for (let seed = first; seed < first + seeds && failures.length < mostFailures; seed += 1) {
    const outcome = await simulate({ seed })
    lived += 1
    steps += outcome.steps
    longestSettlingMs = Math.max(longestSettlingMs, outcome.settledMs)
    for (const [what, times] of outcome.happened) happened.set(what, (happened.get(what) ?? 0) + times)
    for (const char of outcome.digest) digest = (Math.imul(digest, 31) + char.charCodeAt(0)) | 0
    if (outcome.violations.length > 0) failures.push({ seed, violations: outcome.violations })
    onOutcome?.(outcome)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seeds: lived, failures, steps, longestSettlingMs, happened: Object.fromEntries([...happened].sort()), digest: (digest >>> 0).toString(16), cpuMs: (user + system) / 1_000 }
}

/** Requests before and after which a process must have died somewhere, or the promise has not been tried there. */
const deadly = [
  'taking the lease', 'renewing the lease', 'reading the state', 'reading the ids', 'reading the books', 'writing page', 'marking a page', 'sending to the topic', 'keeping the ids of page', 'moving the stream',
  'removing pages', 'looking up an idempotency key', 'entering an idempotency key', 'opening', 'entering', 'looking up', 'saving',
  'writing rows', 'writing the progress', 'writing late events', 'writing dead letters', 'committing',
  'allocating generation', 'promoting generation', 'retiring generation', 'starting a query', 'asking for the queries', 'asking for reports', 'sending markers',
].flatMap((what) => [`killed before: ${what}`, `killed after: ${what}`])

/** Everything that must have happened somewhere in a long campaign. */
export const sometimes: readonly string[] = [...faults, ...interventionNames, ...deadly]
