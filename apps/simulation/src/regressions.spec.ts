import { describe, expect, it } from '@jest/globals'
import { regressions } from './regressions.ts'
import { simulate } from './simulate.ts'

describe('a world that has found something once', () => {
  it.each(regressions)('is as promised: seed $seed, where $found', async ({ seed }) => {
    expect((await simulate({ seed })).violations).toEqual([])
  }, 60_000)
})
