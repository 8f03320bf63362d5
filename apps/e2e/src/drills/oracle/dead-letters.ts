import { LetterStore } from '@millrace/cassandra'
import { catalogue } from '@millrace/streams'
import type { Line } from '../../line/line.ts'
import { withCassandra } from '../../line/with-cassandra.ts'

/** How many dead letters of trades came today for this reason. */
export function deadTrades(line: Line, reason: string): Promise<number> {
  const trades = catalogue.find('trades')
  if (!trades) throw new Error("There is no stream 'trades'.")
  return withCassandra(line, 'reader', async (session) => {
    const { letters } = await new LetterStore(session).dead(trades, { day: new Date().toISOString().slice(0, 10), limit: 10_000 })
    return letters.filter((letter) => letter.reason === reason).length
  })
}
