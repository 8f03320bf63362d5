import { describe, expect, it } from '@jest/globals'
import { doesBalance } from './does-balance.ts'

describe('a view balances the ledger', () => {
  const hour = 3_600_000
  const tumbling = (sizeMs: number) => ({ window: { kind: 'tumbling' as const, sizeMs, slideMs: sizeMs }, where: null })
  it.each([[tumbling(hour), true], [tumbling(10_000), true], [tumbling(7_000), false], [tumbling(2 * hour), false], [{ ...tumbling(hour), where: { op: 'present' as const, field: 'a' } }, false], [{ window: { kind: 'sliding' as const, sizeMs: hour, slideMs: 60_000 }, where: null }, false]])('%p: %p', (view, balances) => {
    expect(doesBalance(view)).toBe(balances)
  })
})
