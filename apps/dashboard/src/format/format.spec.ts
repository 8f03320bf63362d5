import { describe, expect, it } from '@jest/globals'
import { agoText, durationText } from './duration-text.ts'
import { instantText, saidText, secondText, tickText, timeText, windowText, windowTimes } from './instant-text.ts'
import { axisText, counted, countText, measuredText, rateText } from './number-text.ts'

const at = (text: string): number => Date.parse(text)

describe('a length of time', () => {
  it.each([[0, '0 ms'], [349.6, '350 ms'], [999, '999 ms'], [1_000, '1.0 s'], [1_449, '1.4 s'], [9_949, '9.9 s'], [9_950, '10 s'], [59_400, '59 s'], [59_600, '1 min'], [65_000, '1 min 5 s'], [3_600_000, '1 h'], [7_500_000, '2 h 5 min'], [187_200_000, '2 d 4 h'], [-5, '0 ms']])('of %d ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  it('that is less than a second ago is just now, also by a clock that is ahead', () => {
    expect([agoText(-300), agoText(999), agoText(12_000)]).toEqual(['just now', 'just now', '12 s ago'])
  })
})

describe('an instant', () => {
  it('is shown in UTC, with milliseconds only where it has any', () => {
    expect([instantText(at('2026-11-22T20:23:36+01:00')), instantText(at('2026-11-22T19:23:36.270Z'))]).toEqual(['2026-11-22 19:23:36', '2026-11-22 19:23:36.270'])
  })

  it('of an answer is none where the answer has none', () => {
    expect([saidText(null), secondText(null), saidText('2026-11-22T19:23:36.270Z'), secondText('2026-11-22T19:23:36.270Z')]).toEqual(['none', 'none', '2026-11-22 19:23:36.270', '2026-11-22 19:23:36'])
  })

  it('that cannot be read is called that, never thrown at the page', () => {
    expect([instantText(NaN), timeText(NaN), saidText('soon')]).toEqual(['unreadable', 'unreadable', 'unreadable'])
  })

  it('on an axis is as long as tells it from its neighbours', () => {
    const time = at('2026-11-22T19:23:30Z')
    expect([tickText(time, 1_000), tickText(time, 60_000), tickText(at('2026-11-22T00:00:00Z'), 3_600_000)]).toEqual(['19:23:30', '19:23', '11-22'])
  })
})

describe('a window', () => {
  it('has its seconds where they tell something', () => {
    expect(windowText(at('2026-11-22T19:23:30Z'), at('2026-11-22T19:23:40Z'))).toBe('2026-11-22 19:23:30 – 19:23:40')
    expect(windowTimes(at('2026-11-22T19:00:00Z'), at('2026-11-22T20:00:00Z'))).toBe('19:00 – 20:00')
  })

  it('has the day of its end where that is another', () => {
    expect(windowTimes(at('2026-11-22T20:00:00Z'), at('2026-11-23T02:00:00Z'))).toBe('20:00 – 2026-11-23 02:00')
    expect(windowTimes(at('2026-11-22T23:00:00Z'), at('2026-11-23T00:00:00Z'))).toBe('23:00 – 00:00')
    expect(windowText(at('2026-11-22T00:00:00Z'), at('2026-11-24T00:00:00Z'))).toBe('2026-11-22 00:00 – 2026-11-24 00:00')
  })
})

describe('a number', () => {
  it('that counts is shown in full, with its noun where it has one', () => {
    expect([countText(1_232_276), counted(1, 'event'), counted(2, 'event')]).toEqual(['1,232,276', '1 event', '2 events'])
  })

  it('that was measured has six significant digits', () => {
    expect([measuredText(257.76552182952184), measuredText(0.000123456789), measuredText(12), measuredText(1_234_567)]).toEqual(['257.766', '0.000123457', '12', '1,234,567'])
  })

  it('of an axis is short where it is long', () => {
    expect([axisText(99_000), axisText(1_200_000), axisText(-250_000), axisText(0.5)]).toEqual(['99,000', '1.2M', '-250K', '0.5'])
  })

  it('of events a second is whole where that is enough', () => {
    expect([rateText(0), rateText(0.26), rateText(9.94), rateText(203.7)]).toEqual(['0/s', '0.3/s', '9.9/s', '204/s'])
  })
})
