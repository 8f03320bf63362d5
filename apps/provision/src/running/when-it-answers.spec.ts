import { MillraceError } from '@millrace/stream-kit'
import { FakeClock } from '@millrace/testing'
import { expect, it } from '@jest/globals'
import { whenItAnswers } from './when-it-answers.ts'

const away = () => new MillraceError('away', 'Nobody answers.', { retry: 'later' })

it('tries again while trying again helps, and tells once why it waits', async () => {
  const clock = new FakeClock()
  const told: string[] = []
  let tries = 0
  const answer = whenItAnswers(() => (++tries < 4 ? Promise.reject(away()) : Promise.resolve('here')), { deadlineMs: 10_000, clock, onWait: ({ code }) => { told.push(code) } })
  await clock.advance(1_500)
  expect(await answer).toBe('here')
  expect([tries, told]).toEqual([4, ['away']])
})

it('gives up at the deadline with the last failure', async () => {
  const clock = new FakeClock()
  const answer = whenItAnswers(() => Promise.reject(away()), { deadlineMs: 2_000, clock })
  const outcome = expect(answer).rejects.toThrow('Nobody answers.')
  await clock.advance(2_000)
  await outcome
})

it.each([new MillraceError('refused', 'No.'), new TypeError('a bug')])('does not try again what cannot be mended by waiting: %s', async (error) => {
  let tries = 0
  await expect(whenItAnswers(() => { tries++; return Promise.reject(error) }, { deadlineMs: 10_000, clock: new FakeClock() })).rejects.toBe(error)
  expect(tries).toBe(1)
})
