import { describe, expect, it } from '@jest/globals'
import type { FeedState } from './feed-state.ts'
import { isSilent } from './is-silent.ts'

const live: FeedState = { is: 'live', since: 0 }
const progress = { generation: 1, finalUntil: 1_000, storedAt: null }
const known = { finalUntil: 2_000, now: 30_000 }

describe('a live feed', () => {
  it('is silent when it has long not told what the polls know', () => {
    expect(isSilent({ feed: live, progress, heardAt: 9_000 }, known)).toBe(true)
    expect(isSilent({ feed: live, progress: null, heardAt: null }, known)).toBe(true)
  })

  it('has a while to tell it, from when it was opened, too', () => {
    expect(isSilent({ feed: live, progress, heardAt: 11_000 }, known)).toBe(false)
    expect(isSilent({ feed: { is: 'live', since: 11_000 }, progress, heardAt: 0 }, known)).toBe(false)
  })

  it('is not silent where there is nothing to tell', () => {
    expect(isSilent({ feed: live, progress, heardAt: 0 }, { ...known, finalUntil: 1_000 })).toBe(false)
    expect(isSilent({ feed: live, progress: null, heardAt: 0 }, { ...known, finalUntil: null })).toBe(false)
  })

  it('that is broken is not called silent: it is being mended already', () => {
    expect(isSilent({ feed: { is: 'reconnecting', since: 0 }, progress, heardAt: 0 }, known)).toBe(false)
  })
})
