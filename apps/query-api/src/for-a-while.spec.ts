import { FakeClock } from '@millrace/testing'
import { expect, it } from '@jest/globals'
import { ForAWhile } from './for-a-while.ts'

it('asks once for all who ask at the same time, and again when the time is over', async () => {
  const clock = new FakeClock()
  const kept = new ForAWhile<number>(250, clock)
  let asked = 0
  const fetch = () => Promise.resolve(++asked)
  expect(await Promise.all([kept.get('a', fetch), kept.get('a', fetch), kept.get('b', fetch)])).toEqual([1, 1, 2])
  await clock.advance(249)
  expect(await kept.get('a', fetch)).toBe(1)
  await clock.advance(1)
  expect(await kept.get('a', fetch)).toBe(3)
})

it('does not keep a failure', async () => {
  const kept = new ForAWhile<string>(250, new FakeClock())
  await expect(kept.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await kept.get('a', () => Promise.resolve('back'))).toBe('back')
})
