import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { waitUntil } from '@millrace/service'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { from, Line, minute } from './line.fixture.ts'

const lines = Array.from({ length: 40 }, (_, index) => `L${index}`)
const minutes = 400
const updates = 3
const deadlineMs = 60_000

let line: Line
let worker: ChildProcess | undefined

beforeAll(async () => { line = await Line.open() })

afterAll(async () => {
  worker?.kill('SIGKILL')
  await line.close()
})

function start(): ChildProcess {
  const loader = join(process.cwd(), 'tools/swc-loader.mjs')
  return spawn(process.execPath, ['--import', loader, join(import.meta.dirname, 'killable.fixture.ts'), line.stream.name], { env: { ...process.env, ...line.env, MILLRACE_LOG_LEVEL: 'error' }, stdio: 'inherit' })
}

const stored = async () => (await line.session.execute(`SELECT count(*) AS rows FROM ${line.stream.name.replaceAll('-', '_')}_per_minute_v1_by_time WHERE day = '2018-02-01'`))[0]?.['rows'] as number

it('rows are equal to what was sent after the worker was killed in the middle, again and again', async () => {
  const expected = new Map<string, number>()
  for (let update = 1; update <= updates; update += 1) {
    const batch = lines.flatMap((name) => Array.from({ length: minutes }, (_, index) => {
      const events = update * 10 + ((index * 7 + name.length) % 5)
      expected.set(`${name} ${index}`, events)
      return line.window(name, index, { events })
    }))
    await line.send(...batch, ...line.marker(update * 1_000, { 0: String(update * 100), 1: String(update * 100) }))
  }
  const seenAtKill: number[] = []
  for (const share of [0.02, 0.5]) {
    worker = start()
    await waitUntil(async () => await stored() > expected.size * share, { deadlineMs, everyMs: 5, what: 'rows of a worker that is to be killed' })
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    seenAtKill.push(await stored())
    expect((await line.progress.read(line.stream, 1))?.finalUntil ?? 0).toBeLessThan(updates * 1_000)
  }
  expect(seenAtKill[0]).toBeLessThan(expected.size)
  worker = start()
  await waitUntil(async () => (await line.progress.read(line.stream, 1))?.finalUntil === updates * 1_000, { deadlineMs, what: 'the last marker' })

  const byTime = await line.byTime()
  expect(byTime).toHaveLength(expected.size)
  for (const { group, windowStart, events, measures } of byTime) {
    const key = `${String(group['line'])} ${(windowStart - from) / minute}`
    expect([key, events, measures['worst']]).toEqual([key, expected.get(key), expected.get(key)])
  }
  for (const name of lines) expect((await line.byGroup(name)).map(({ events }) => events)).toEqual(Array.from({ length: minutes }, (_, index) => expected.get(`${name} ${minutes - 1 - index}`)))
})
