import { noCounts, type Counts } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { addCounts, sumCounts, type BookChanges } from './books.ts'
import { cutSends } from './cut-sends.ts'
import type { Encoded } from './encode-records.ts'
import type { SeenEntry } from './judge-records.ts'
import type { Page } from './page-content.ts'
import type { Progress } from './progress.ts'
import { seenRow } from './seen-index.ts'

export interface PlanContext {
  readonly stream: StreamDeclaration
  /** As it is before the page. */
  readonly state: { readonly highest: number | null; readonly totals: Counts }
  /** The books as they are, of every book that changes. */
  readonly books: ReadonlyMap<string, Counts>
  readonly changes: BookChanges
  /** As it is after the page. */
  readonly progress: Progress
}

const dayMs = 86_400_000

/** What the books and the cursor become: absolute values, so that doing it again changes nothing. */
export function planMove({ stream, state, books, changes, progress }: PlanContext, highest: number | null = state.highest): Page['move'] {
  return {
    cursor: JSON.stringify(progress),
    highest,
    watermark: highest === null ? null : highest - stream.latenessMs,
    totals: addCounts(state.totals, sumCounts(changes.values())),
    books: Object.fromEntries([...changes].map(([book, change]) => [book, addCounts(books.get(book) ?? noCounts, change)])),
    booksTtlSeconds: Math.ceil((stream.retentionMs + 7 * dayMs) / 1_000),
  }
}

/** A cut of judged records as the page that is written ahead. */
export function planPage(cut: readonly Encoded[], context: PlanContext): Page {
  const { stream, state } = context
  const times = cut.filter(({ judged }) => judged.verdict === 'published').map(({ judged }) => Number(judged.record.eventTime))
  const highest = times.length === 0 ? state.highest : Math.max(state.highest ?? Number.NEGATIVE_INFINITY, times.at(-1) ?? Number.NEGATIVE_INFINITY)
  return {
    sends: cutSends(stream, cut),
    seen: [...Map.groupBy(seenOf(cut), ({ bucket }) => bucket)].map(([bucket, entries]) => seenRow(bucket, entries)),
    seenTtlSeconds: seenTtlSeconds(stream),
    move: planMove(context, highest),
  }
}

/** How long an id is known. Beyond the retention a window has expired, and an id that comes again is late in any case. */
export const seenTtlSeconds = ({ retentionMs, latenessMs, slackMs }: Pick<StreamDeclaration, 'retentionMs' | 'latenessMs' | 'slackMs'>): number => Math.ceil((retentionMs + latenessMs + slackMs) / 1_000) + 3_600

/** What is to be known of these records when they come again. */
export const seenOf = (cut: readonly Encoded[]): SeenEntry[] => cut.flatMap(({ judged }) => judged.seen ?? [])
