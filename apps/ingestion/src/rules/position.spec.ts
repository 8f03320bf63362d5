import { describe, expect, it } from '@jest/globals'
import { afterPage, firstPosition } from './position.ts'

interface Item { readonly seq?: number; readonly updated?: string }

const bySeq = {
  start: { seq: 0 }, overlap: 10, pageSize: 3,
  advance: (cursor: Readonly<Record<string, string | number>>, items: readonly unknown[]) => ({ seq: (items as Item[]).reduce((greatest, { seq = Number.NaN }) => Math.max(greatest, seq), Number(cursor['seq'])) }),
}
const items = (...seqs: number[]) => seqs.map((seq) => ({ seq }))

describe('a position', () => {
  it('stays at the cursor and counts pages while pages are full', () => {
    const first = firstPosition(bySeq)
    expect(afterPage(bySeq, first, items(1, 2, 3))).toEqual({ isLast: false, position: { cursor: { seq: 0 }, page: 1, greatest: { seq: 3 } } })
  })

  it('moves to the greatest less the overlap with a page that is not full', () => {
    const position = { cursor: { seq: 90 }, page: 4, greatest: { seq: 100 } }
    expect(afterPage(bySeq, position, items(120, 119))).toEqual({ isLast: true, position: { cursor: { seq: 110 }, page: 0, greatest: { seq: 120 } } })
  })

  it('never goes back, run after run without news', () => {
    let position = { cursor: { seq: 90 }, page: 0, greatest: { seq: 100 } } as Parameters<typeof afterPage>[1]
    for (let run = 0; run < 5; run += 1) ({ position } = afterPage(bySeq, position, items(95)))
    expect(position).toEqual({ cursor: { seq: 90 }, page: 0, greatest: { seq: 100 } })
  })

  it('never goes before the start', () => {
    expect(afterPage(bySeq, firstPosition(bySeq), items(4)).position).toEqual({ cursor: { seq: 0 }, page: 0, greatest: { seq: 4 } })
  })

  it('goes back by a span where positions are instants', () => {
    const byTime = {
      start: { updated: '2018-01-01T00:00:00Z' }, overlap: '10 minutes' as const, pageSize: 3,
      advance: (_: unknown, some: readonly unknown[]) => ({ updated: String((some as Item[]).at(-1)?.updated) }),
    }
    expect(afterPage(byTime, firstPosition(byTime), [{ updated: '2018-02-01T00:00:00Z' }]).position).toEqual({ cursor: { updated: '2018-01-31T23:50:00.000Z' }, page: 0, greatest: { updated: '2018-02-01T00:00:00Z' } })
  })

  it('is not held up by a record that it cannot read', () => {
    expect(afterPage(bySeq, firstPosition(bySeq), [{ seq: 5 }, null, {}]).position.greatest).toEqual({ seq: 5 })
  })

  it('ignores an advance that goes back, loses a position or gives nonsense', () => {
    const at = { cursor: { seq: 90 }, page: 0, greatest: { seq: 100 } }
    for (const wrong of [{ seq: 1 }, {}, { seq: '7' }, { seq: Number.POSITIVE_INFINITY }]) {
      expect(afterPage({ ...bySeq, advance: () => wrong as never }, at, items(1)).position.greatest).toEqual({ seq: 100 })
    }
  })
})
