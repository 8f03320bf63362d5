import { expect, it } from '@jest/globals'
import { spanMs, spanOf, type Span } from './span.ts'

it.each<[Span, number]>([['1 millisecond', 1], ['30 seconds', 30_000], ['1 minute', 60_000], ['6 hours', 21_600_000], ['7 days', 604_800_000]])('reads %s as %d ms and writes it back', (span, ms) => {
  expect([spanMs(span), spanOf(ms)]).toEqual([ms, span])
})

it.each(['0 seconds', '-1 hour', '1.5 hours', '1 week', '1  hour', 'hour', ''])("refuses '%s'", (wrong) => {
  expect(() => spanMs(wrong as Span)).toThrow(/is not a span/)
})
