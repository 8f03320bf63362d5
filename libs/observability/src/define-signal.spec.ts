import { MillraceError } from '@millrace/stream-kit'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { configureLog, counter, declaredMetrics, defineSignal, gauge, hideSecret, metricsText } from './index.ts'

let lines: string[] = []
let restore = (): void => undefined
beforeEach(() => {
  lines = []
  restore = configureLog({ app: 'spec', level: 'debug', write: (line) => lines.push(line) })
})
afterEach(() => { restore() })

function lastLine(): Record<string, unknown> {
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
}

describe('a signal', () => {
  const written = defineSignal('rows_written', {
    level: 'info',
    text: 'Wrote {rows} rows of {stream}.',
    counter: { name: 'millrace_spec_rows_total', help: 'Rows.', labels: ['stream'], value: 'rows' },
    gauge: { name: 'millrace_spec_lag', help: 'Lag.', labels: ['stream'], value: 'lag' },
    histogram: { name: 'millrace_spec_write_seconds', help: 'Time.', value: 'seconds', buckets: [0.1, 1] },
  })

  it('writes one line and moves its metrics', async () => {
    written({ rows: 12, stream: 'trades', lag: 3n, seconds: 0.05 })
    expect(lines).toHaveLength(1)
    expect(lastLine()).toMatchObject({ level: 'info', app: 'spec', signal: 'rows_written', text: 'Wrote 12 rows of trades.', rows: 12, stream: 'trades' })
    expect(Object.keys(lastLine()).slice(0, 5)).toEqual(['time', 'level', 'app', 'signal', 'text'])
    const text = await metricsText()
    expect(text).toContain('millrace_spec_rows_total{stream="trades"} 12')
    expect(text).toContain('millrace_spec_lag{stream="trades"} 3')
    expect(text).toContain('millrace_spec_write_seconds_bucket{le="0.1"} 1')
  })

  it('counts what it does not write, below the level', async () => {
    restore()
    restore = configureLog({ app: 'spec', level: 'warn', write: (line) => lines.push(line) })
    written({ rows: 5, stream: 'quiet' })
    expect(lines).toHaveLength(0)
    expect(await metricsText()).toContain('millrace_spec_rows_total{stream="quiet"} 5')
  })

  it('shows a field that was not given, and survives a number that is none', () => {
    written({ stream: 'trades', rows: Number.NaN })
    expect(lastLine()).toMatchObject({ text: 'Wrote NaN rows of trades.' })
    written({ rows: 1 })
    expect(lastLine()).toMatchObject({ text: 'Wrote 1 rows of {stream}.' })
  })

  it('is declared once', () => {
    expect(() => defineSignal('rows_written', { level: 'info', text: 'Again.' })).toThrow("The signal 'rows_written' is declared twice.")
  })
})

describe('a log line', () => {
  const failed = defineSignal('spec_failed', { level: 'error', text: 'Failed: {error}' })

  it('tells an error with its code and its causes, without a stack for one of ours', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    failed({ error: new MillraceError('kafka_unreachable', 'No broker answered.', { retry: 'later', fields: { brokers: 2 }, cause }) })
    expect(lastLine()).toMatchObject({
      text: 'Failed: No broker answered.',
      error: { name: 'MillraceError', code: 'kafka_unreachable', retry: 'later', brokers: 2, message: 'No broker answered.', cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' } },
    })
    const { error } = lastLine() as { error: { stack?: unknown, cause: { stack?: unknown } } }
    expect(error.stack).toBeUndefined()
    expect(error.cause.stack).toBeInstanceOf(Array)
  })

  it('never shows a known secret nor a field named like one', () => {
    hideSecret('hunter2-and"more')
    failed({ error: new Error('login as hunter2-and"more refused'), password: 'x', apiToken: 'y', nested: { Authorization: 'Bearer z' } })
    expect(lines.at(-1)).not.toContain('hunter2')
    expect(lastLine()).toMatchObject({ password: '[hidden]', apiToken: '[hidden]', nested: { Authorization: '[hidden]' } })
  })

  it('stays one line of harmless characters, whatever the fields hold', () => {
    failed({ error: 'a\nb\u001b[31m\u009b\u202e\u2028' })
    const raw = lines.at(-1) ?? ''
    // eslint-disable-next-line no-control-regex -- none may be left
    expect(raw).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
    expect(lastLine()).toMatchObject({ error: 'a\nb\u001b[31m\u009b\u202e\u2028' })
  })

  it('is bounded: cycles, long texts, long lists, big numbers', () => {
    const loop: Record<string, unknown> = { big: 2n ** 70n, small: 7n, bytes: Buffer.alloc(9), list: Array.from({ length: 99 }, (_, i) => i), long: 'x'.repeat(9_000) }
    loop['self'] = loop
    failed({ loop })
    expect((lines.at(-1) ?? '').length).toBeLessThan(40_000)
    expect(lastLine()).toMatchObject({ loop: { big: '1180591620717411303424', small: 7, bytes: '[9 bytes]' } })
  })

  it('keeps its own fields when a caller uses their names', () => {
    failed({ level: 'mine', time: 1 })
    expect(lastLine()).toMatchObject({ level: 'error', level_: 'mine', time_: 1 })
  })
})

describe('a metric', () => {
  it('is the same when asked for twice, and refused when it differs', () => {
    const spec = { name: 'millrace_spec_twice', help: 'Twice.' }
    expect(gauge(spec)).toBe(gauge(spec))
    expect(() => counter(spec)).toThrow("The metric 'millrace_spec_twice' is declared twice")
  })

  it('is told before it has a value, with its labels', () => {
    gauge({ name: 'millrace_spec_silent', help: 'Silent.', labels: ['stream'] })
    expect(declaredMetrics()).toContainEqual({ name: 'millrace_spec_silent', kind: 'gauge', help: 'Silent.', labels: ['stream'] })
  })

  it('carries our name', () => {
    expect(() => gauge({ name: 'lag', help: 'Lag.' })).toThrow('Write millrace_<what>_<unit>')
  })
})
