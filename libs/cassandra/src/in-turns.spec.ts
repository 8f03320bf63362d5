import { describe, expect, it } from '@jest/globals'
import { inTurns } from './in-turns.ts'

describe('work in turns', () => {
  it('does everything once, and never more at once than allowed', async () => {
    let now = 0
    let most = 0
    const done: number[] = []
    await inTurns([...Array(20).keys()], 3, async (item) => {
      now += 1
      most = Math.max(most, now)
      await new Promise(setImmediate)
      done.push(item)
      now -= 1
    })
    expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()])
    expect(most).toBe(3)
  })

  it('rejects with the first failure when what was under way has ended, and begins nothing more', async () => {
    const begun: number[] = []
    let isEnded = false
    const work = inTurns([0, 1, 2, 3, 4], 2, async (item) => {
      begun.push(item)
      if (item === 0) throw new Error('no')
      await new Promise(setImmediate)
      isEnded = true
    })
    await expect(work).rejects.toThrow('no')
    expect({ begun, isEnded }).toEqual({ begun: [0, 1], isEnded: true })
  })

  it('has nothing to do for nothing', async () => {
    await expect(inTurns([], 2, () => Promise.reject(new Error('called')))).resolves.toBeUndefined()
  })
})
