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
  /** Of all digests: equal for equal stories, however they were spread. */
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
    digest = (digest + Math.imul(Number.parseInt(outcome.digest.slice(0, 8), 16) ^ Number.parseInt(outcome.digest.slice(8), 16), 2 * seed + 1)) >>> 0
    if (outcome.violations.length > 0) failures.push({ seed, violations: outcome.violations })
    onOutcome?.(outcome)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seeds: lived, failures, steps, longestSettlingMs, happened: Object.fromEntries([...happened].sort()), digest: digest.toString(16), cpuMs: (user + system) / 1_000 }
}

/** Parts of a campaign, as one. */
export function merged(parts: readonly Campaign[]): Campaign {
  const happened = new Map<string, number>()
  for (const part of parts) for (const [what, times] of Object.entries(part.happened)) happened.set(what, (happened.get(what) ?? 0) + times)
  const sum = (of: (part: Campaign) => number): number => parts.reduce((all, part) => all + of(part), 0)
  return {
    seeds: sum(({ seeds }) => seeds), failures: parts.flatMap(({ failures }) => failures), steps: sum(({ steps }) => steps), longestSettlingMs: Math.max(...parts.map(({ longestSettlingMs }) => longestSettlingMs)),
    happened: Object.fromEntries([...happened].sort()), digest: (sum(({ digest }) => Number.parseInt(digest, 16)) >>> 0).toString(16), cpuMs: sum(({ cpuMs }) => cpuMs),
  }
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
