import { beforeEach, describe, expect, it } from '@jest/globals'
import { problemOf } from '../api/problem.ts'
import type { Reading } from '../api/read-json.ts'
import { HandClock } from '../time/hand-clock.fixture.ts'
import { PollLoop, type Polled } from './poll-loop.ts'

const away = problemOf({ code: 'store_slow', title: 'Not possible just now', detail: 'Try again later.', status: 503 })

let clock: HandClock
let asked: { readonly signal: AbortSignal; readonly answer: (reading: Reading<number>) => Promise<void> }[]
let told: Polled<number>[]
let loop: PollLoop<number>

beforeEach(() => {
  clock = new HandClock()
  asked = []
  told = []
  const read = (signal: AbortSignal): Promise<Reading<number>> => new Promise((resolve) => {
    asked.push({ signal, answer: async (reading) => { resolve(reading); await settled() } })
  })
  loop = new PollLoop({ read, everyMs: 2_000, clock, random: () => 0.5, onChange: (polled) => { told.push(polled) } })
})

/** All that is due without the clock has happened. */
const settled = async (): Promise<void> => { for (let turn = 0; turn < 10; turn += 1) await Promise.resolve() }
const answer = (reading: Reading<number>): Promise<void> => asked.at(-1)?.answer(reading) ?? Promise.reject(new Error('nothing was asked'))

describe('a poll', () => {
  it('reads at once, and again so long after each answer', async () => {
    loop.watch(true)
    clock.pass(10_000)
    expect(asked.length).toBe(1)
    await answer({ value: 1, serverNow: 10_300 })
    expect(told).toEqual([{ value: 1, at: 10_000, serverAheadMs: 300, problem: null, failingSince: null }])
    clock.pass(1_999)
    expect(asked.length).toBe(1)
    clock.pass(1)
    expect(asked.length).toBe(2)
  })

  it('keeps the last value with its time while reads fail, and says since when', async () => {
    loop.watch(true)
    await answer({ value: 1, serverNow: 0 })
    clock.pass(2_000)
    await answer({ problem: away })
    clock.pass(2_000)
    await answer({ problem: away })
    expect(loop.polled).toEqual({ value: 1, at: 0, serverAheadMs: 0, problem: away, failingSince: 2_000 })
    clock.pass(4_000)
    await answer({ value: 2, serverNow: 8_000 })
    expect(loop.polled).toEqual({ value: 2, at: 8_000, serverAheadMs: 0, problem: null, failingSince: null })
  })

  it('reads more and more seldom while reads fail, and not sooner than it is asked to', async () => {
    loop.watch(true)
    await answer({ problem: away })
    expect(clock.waits).toEqual([2_000])
    clock.pass(2_000)
    await answer({ problem: away })
    expect(clock.waits).toEqual([4_000])
    clock.pass(4_000)
    await answer({ problem: { ...away, retryAfterMs: 20_000 } })
    expect(clock.waits).toEqual([20_000])
    clock.pass(20_000)
    await answer({ value: 1, serverNow: 0 })
    expect(clock.waits).toEqual([2_000])
  })

  it('rests while nobody looks, and reads at once when somebody does', async () => {
    loop.watch(true)
    await answer({ value: 1, serverNow: 0 })
    loop.watch(false)
    clock.pass(60_000)
    expect(asked.length).toBe(1)
    loop.watch(true)
    loop.watch(true)
    expect(asked.length).toBe(2)
  })

  it('calls off a read that nobody waits for, and says nothing of it', async () => {
    loop.watch(true)
    loop.stop()
    expect(asked[0]?.signal.aborted).toBe(true)
    await answer({ value: 1, serverNow: 0 })
    expect([told, clock.waits]).toEqual([[], []])
  })
})
