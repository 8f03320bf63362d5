import { describe, expect, it } from '@jest/globals'
import type { Row } from '../row.ts'
import { readLetters, type LetterPlace } from './read-letters.ts'

interface Found { readonly n: number; readonly bytes: number }

const day = 86_400_000
const start = Date.parse('2018-02-01T00:00:00Z')
const most = { bytes: 100, looked: 10, days: 3, pageRows: 4 }
const letter = (n: number, bytes = 1): Row => ({ n, bytes, reason: 'r' })

/** Days with rows, and what is read of them. */
class Shelf {
  readonly asked: string[] = []
  constructor(private readonly days: Readonly<Record<string, readonly Row[]>>) {}

  async *scan(_: string, params: readonly unknown[] = []): AsyncGenerator<Row, void, void> {
    const [of, behind] = params as [string, number | null]
    this.asked.push(of)
    await Promise.resolve()
    yield* (this.days[of] ?? []).filter(({ n }) => behind === null || Number(n) > behind)
  }

  async read({ from = 0, to = day, limit = 100, at = null, isWanted = () => true }: { from?: number; to?: number; limit?: number; at?: LetterPlace<number> | null; isWanted?: (found: Found) => boolean } = {}) {
    const { letters, next } = await readLetters<Found, number>(this, { span: { from: start + from, to: start + to }, limit, at, isWanted }, {
      most,
      slices: (of, behind) => [{ cql: '', params: [of, behind] }],
      read: (row) => ({ n: Number(row['n']), bytes: Number(row['bytes']) }),
      keyIn: (row) => Number(row['n']),
      isInside: ({ n }) => n !== 99,
      bytesOf: ({ bytes }) => bytes,
    })
    return { found: letters.map(({ n }) => n), next }
  }
}

describe('letters of a span', () => {
  it('are read day after day, the newest first, and no day beside it', async () => {
    const shelf = new Shelf({ '2018-02-02': [letter(1)], '2018-02-01': [letter(2), letter(99)], '2018-01-31': [letter(3)] })
    expect(await shelf.read({ from: 0, to: day + 1 })).toEqual({ found: [1, 2], next: null })
    expect(shelf.asked).toEqual(['2018-02-02', '2018-02-01'])
    expect(await shelf.read({ from: -1, to: 0 })).toEqual({ found: [3], next: null })
  })

  it('go on behind the last that was read, until there is none', async () => {
    const shelf = new Shelf({ '2018-02-02': [letter(1), letter(2)], '2018-02-01': [letter(3), letter(4)] })
    const seen: number[] = []
    for (let at: LetterPlace<number> | null = null; ;) {
      const { found, next } = await shelf.read({ from: 0, to: 2 * day, limit: 1, at })
      seen.push(...found)
      if (!next) break
      at = next
    }
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('end where they have cost enough: in bytes, in rows that nobody wants, in days', async () => {
    const shelf = new Shelf({ '2018-02-01': [letter(1, 99), letter(2, 99), letter(3)] })
    expect(await shelf.read()).toEqual({ found: [1, 2], next: { day: '2018-02-01', behind: 2 } })
    const many = new Shelf({ '2018-02-01': Array.from({ length: 12 }, (_, n) => letter(n)) })
    expect(await many.read({ isWanted: () => false })).toEqual({ found: [], next: { day: '2018-02-01', behind: 9 } })
    expect(await new Shelf({}).read({ from: -9 * day })).toEqual({ found: [], next: { day: '2018-01-29', behind: null } })
  })

  it('pass over what is only a mark: it has outlived its letter', async () => {
    expect(await new Shelf({ '2018-02-01': [{ n: 1, redriven_run: 'r' }, letter(2)] }).read()).toEqual({ found: [2], next: null })
    const marks = new Shelf({ '2018-02-01': Array.from({ length: 12 }, (_, n) => ({ n, redriven_run: 'r' })) })
    expect((await marks.read()).next).toEqual({ day: '2018-02-01', behind: 9 })
  })
})
