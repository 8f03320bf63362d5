import { readView } from '../http/read-view.ts'
import type { Line } from '../line/line.ts'
import { readBooks } from './read-books.ts'

const hour = 3_600_000

/**
 * What does not balance, hour by hour of event time: what ingestion has read, accepted and published by its books, and what
 * Spark has counted by the rows of the hidden view `_ledger`. Empty when nothing was lost. The stream must be settled.
 */
export async function ledgerDifferences(line: Line, stream: string): Promise<string[]> {
  const books = await readBooks(line, stream)
  if (books.length === 0) throw new Error(`There are no books of ${stream}.`)
  // Hours of which nothing was published may lie anywhere: an event of 1970 is late.
  const hours = books.flatMap((book) => (book.hour !== null && book.published > 0 ? [book.hour] : []))
  const range = { from: Math.min(...hours), to: Math.max(...hours) + hour }
  const counted = new Map((await readView(line.urls.queryApi, `/v1/${stream}/_ledger`, range)).map(({ windowStart, events }) => [String(windowStart), events]))

  const problems = books.flatMap((book) => {
    const { fetched, fresh, repeated, rejected, published, late } = book
    const name = book.hour === null ? 'none' : new Date(book.hour).toISOString()
    const aggregated = counted.get(name) ?? 0
    counted.delete(name)
    return [
      fetched === fresh + repeated + rejected ? [] : `${name}: fetched ${fetched}, but ${fresh} fresh, ${repeated} repeated and ${rejected} rejected`,
      fresh === published + late ? [] : `${name}: fresh ${fresh}, but ${published} published and ${late} late`,
      aggregated === published ? [] : `${name}: published ${published}, but ${String(aggregated)} aggregated`,
    ].flat()
  })
  return [...problems, ...[...counted].map(([name, events]) => `${name}: ${String(events)} aggregated, but the books have no such hour`)]
}
