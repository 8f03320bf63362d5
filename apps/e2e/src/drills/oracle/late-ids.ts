import { LetterStore } from '@millrace/cassandra'
import { catalogue } from '@millrace/streams'
import type { Line } from '../../line/line.ts'
import { withCassandra } from '../../line/with-cassandra.ts'

const dayMs = 86_400_000
const pageRows = 1_000

/** The ids of the trades that are kept as late, of the days of a span of event time. */
export function lateTradeIds(line: Line, { from, to }: { readonly from: number; readonly to: number }): Promise<Set<string>> {
  const trades = catalogue.find('trades')
  if (!trades) throw new Error("There is no stream 'trades'.")
  return withCassandra(line, 'reader', async (session) => {
    const store = new LetterStore(session)
    const ids = new Set<string>()
    for (let day = Math.floor(from / dayMs) * dayMs; day <= to; day += dayMs) {
      const name = new Date(day).toISOString().slice(0, 10)
      for (let after: Parameters<LetterStore['late']>[1]['after'] | undefined = null; after !== undefined;) {
        const { letters, next } = await store.late(trades, { day: name, limit: pageRows, after })
        for (const { value } of letters) ids.add((JSON.parse(value.toString()) as { id: string }).id)
        after = next ?? undefined
      }
    }
    return ids
  })
}
