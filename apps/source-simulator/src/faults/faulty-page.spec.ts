import { describe, expect, it } from '@jest/globals'
import { breakageKinds, tradeShape } from './broken-records.ts'
import { PageFaults, type FaultyPage, type PageFaultsOptions } from './faulty-page.ts'

interface Row { readonly seq: number, readonly id: string, readonly symbol: string, readonly price: number, readonly tradedAt: string }

const rows = (count: number, from = 1): Row[] => Array.from({ length: count }, (_, index) => ({ seq: from + index, id: `t${from + index}`, symbol: 'OWL', price: 1.5, tradedAt: '2026-01-01T00:00:00.000Z' }))
const faults = (shares: PageFaultsOptions['shares'], seed = 'a') => new PageFaults<Row>({ seed, shares, shape: tradeShape })
const good = ({ records }: FaultyPage<Row>): number[] => records.flatMap((record) => 'row' in record ? [record.row.seq] : [])
const texts = ({ records }: FaultyPage<Row>): string[] => records.map(({ bytes }) => bytes)
const all = { duplicate: 0.1, duplicateAcross: 0.1, late: 0.1, brokenRecord: 0.2, renamedField: 0.1, extraField: 0.1, reorder: 0.5 }

/** Reads pages until nothing is held back any more. */
function readOut(pages: PageFaults<Row>, count: number): { readonly served: number[], readonly sizes: number[] } {
  const served: number[] = []
  const sizes: number[] = []
  for (let page = 0; page < 200 && (page < count || pages.held.length > 0); page++) {
    const given = pages.apply(page < count ? rows(50, page * 50 + 1) : [], 50)
    given.served()
    served.push(...good(given))
    sizes.push(given.records.length)
  }
  return { served, sizes }
}

describe('faulty pages', () => {
  it('are those of the rows where nothing is to go wrong', () => {
    expect(texts(faults({}).apply(rows(3), 3))).toEqual(rows(3).map((row) => JSON.stringify(row)))
  })

  it('are the same for the same seed and the same pages, and others for another seed', () => {
    const give = (seed: string): string[] => {
      const pages = faults(all, seed)
      return [1, 51, 101].flatMap((from) => {
        const page = pages.apply(rows(50, from), 50)
        page.served()
        return texts(page)
      })
    }
    expect(give('a')).toEqual(give('a'))
    expect(give('a')).not.toEqual(give('b'))
  })

  it('break and rename the same records when a page is asked for again', () => {
    const pages = faults({ brokenRecord: 0.2, renamedField: 0.2 })
    const broken = (): string[] => texts(pages.apply(rows(50), 50)).filter((text) => !rows(50).some((row) => JSON.stringify(row) === text)).sort()
    expect(broken().length).toBeGreaterThan(5)
    expect(broken()).toEqual(broken())
  })

  it('give every good record in the end, however much is held back, doubled and out of order', () => {
    const { served } = readOut(faults(all), 10)
    expect(new Set(served).size).toBe(500)
    expect(served.length).toBeGreaterThan(520)
    expect(served).not.toEqual(served.toSorted((a, b) => a - b))
  })

  it('leave out at first what is late, and give it later, twice', () => {
    const pages = faults({ late: 0.2 })
    const first = pages.apply(rows(50), 50)
    const missing = rows(50).map(({ seq }) => seq).filter((seq) => !good(first).includes(seq))
    expect(missing.length).toBeGreaterThan(3)
    first.served()
    expect(pages.held.map(({ seq }) => seq)).toEqual(missing)
    const { served } = readOut(pages, 0)
    expect(served.toSorted((a, b) => a - b)).toEqual(missing.flatMap((seq) => [seq, seq]))
  })

  it('hold nothing back, and take nothing for given, that was not handed over', () => {
    const pages = faults({ late: 0.2 })
    pages.apply(rows(50), 50)
    expect(pages.held).toEqual([])
    expect(good(pages.apply(rows(50), 50))).toEqual(good(pages.apply(rows(50), 50)))
  })

  it('stay full where they were full, and short where they were short', () => {
    const { sizes } = readOut(faults({ ...all, late: 0.6 }), 10)
    expect(sizes.slice(0, 10).every((size) => size >= 50)).toBe(true)
    expect(sizes.slice(10).every((size) => size < 50)).toBe(true)
    expect(faults({ duplicate: 1, brokenRecord: 1 }).apply(rows(30), 50).records).toHaveLength(49)
  })

  it('break records in every way that there is, beside the good ones', () => {
    const { records } = faults({ brokenRecord: 1 }).apply(rows(300), 300)
    expect(new Set(records.flatMap((record) => 'kind' in record ? [record.kind] : []))).toEqual(new Set(breakageKinds))
    expect(records.filter((record) => 'row' in record)).toHaveLength(300)
  })

  it('drift: a field that nobody knows, a field under another name', () => {
    const { records } = faults({ extraField: 1, renamedField: 1 }).apply(rows(1), 1)
    expect(records.map(({ bytes }) => JSON.parse(bytes) as unknown)).toEqual(expect.arrayContaining([{ ...rows(1)[0], venue: 'XMIL' }, { seq: 1, id: 't1', price: 1.5, tradedAt: '2026-01-01T00:00:00.000Z', symbolCode: 'OWL' }]))
  })
})
