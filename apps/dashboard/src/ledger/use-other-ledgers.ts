import type { StreamAnswer } from '../api/answers.ts'
import type { Read, Reading } from '../api/read-json.ts'
import { usePolled } from '../poll/use-polled.ts'
import { streamKey } from '../streams/stream-key.ts'
import { readLedger, unbalancedOf } from './read-ledger.ts'

const everyMs = 60_000

type Unbalanced = ReadonlyMap<string, number>

/** How many hours of each stream do not balance, but of the one that is looked at more often. */
export function useOtherLedgers(streams: readonly StreamAnswer[], { but, read, isResting }: { readonly but: string | null; readonly read: Read; readonly isResting: boolean }): Unbalanced {
  const others = streams.filter((stream) => streamKey(stream) !== but)
  const key = others.length === 0 ? null : others.map(streamKey).join(' ')
  return usePolled({ key, everyMs, isResting, read: (signal) => readAll(others, { read, signal }) }).value ?? new Map()
}

/** One after the other; one that cannot be read is left out. */
async function readAll(streams: readonly StreamAnswer[], { read, signal }: { readonly read: Read; readonly signal: AbortSignal }): Promise<Reading<Unbalanced>> {
  const unbalanced = new Map<string, number>()
  for (const stream of streams) {
    const ledger = await readLedger(read, stream, signal)
    if ('value' in ledger) unbalanced.set(streamKey(stream), unbalancedOf(ledger.value))
  }
  return { value: unbalanced, serverNow: Date.now() }
}
