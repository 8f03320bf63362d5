import assert from 'node:assert/strict'
import { it } from 'node:test'
import { firstWindows } from './readable.mjs'

const path = '/v1/trades/per-minute'
const row = { symbol: 'ALDR', events: 3 }
const running = { stream: 'trades', state: 'running', runId: 'r1', lastError: null }
const failing = (state, message = 'why') => ({ stream: 'trades', state, runId: null, lastError: { code: 'c', message, remedy: 'Mend it.' } })

/** Answers each path with the next of its answers, the last one again and again. */
const answers = (byPath) => {
  const left = new Map(Object.entries({ '/v1/streams': [{ data: [{ name: 'trades', views: [{ path }] }] }], ...byPath }).map(([key, list]) => [key, [...list]]))
  return async (url) => {
    const list = left.get(new URL(url).pathname)
    const answer = list.length > 1 ? list.shift() : list[0]
    if (answer instanceof Error) throw answer
    return answer
  }
}

const wait = async (byPath, options = {}) => {
  const said = []
  const windows = firstWindows({ queryApi: 'http://q', sparkBridge: 'http://b', ask: answers(byPath), say: (text) => said.push(text), withinMs: 5_000, everyMs: 1, ...options })
  return { windows: await windows, said }
}

it('answers the newest row of each stream when it can be read and its query runs', async () => {
  const { windows, said } = await wait({ [path]: [new Error('503'), { data: [] }, { data: [row] }], '/v1/queries': [{ data: [running] }] })
  assert.deepEqual(windows, [{ stream: 'trades', path, row }])
  assert.deepEqual(said, [])
})

it('does not take rows of before for a stream that goes on: its query has to run', async () => {
  const states = [[], [{ ...running, state: 'starting', runId: null }], [failing('restarting')], [failing('broker_unreachable')]]
  const asked = []
  const ask = answers({ [path]: [{ data: [row] }], '/v1/queries': [...states.map((data) => ({ data })), { data: [running] }] })
  await wait({}, { ask: (url) => { asked.push(url); return ask(url) } })
  assert.equal(asked.filter((url) => url === 'http://b/v1/queries').length, 5)
})

it('takes the rows of before for a source that stands still: its query runs and has had no batch', async () => {
  const { windows } = await wait({ [path]: [{ data: [row] }], '/v1/queries': [{ data: [{ ...running, state: 'starting', batch: null }] }] })
  assert.equal(windows.length, 1)
})

it('keeps everything running for the person who has to decide about a query, and says so', async () => {
  for (const state of ['data_loss', 'checkpoint_corrupt', 'plan_invalid']) {
    const { said } = await wait({ [path]: [{ data: [row] }], '/v1/queries': [{ data: [failing(state)] }] })
    assert.deepEqual(said, [`trades gets no new rows: its query is ${state}. Mend it.`])
  }
})

it('says now and then what is missing', async () => {
  const { said } = await wait({ [path]: [...Array(200).fill({ data: [] }), { data: [row] }], '/v1/queries': [{ data: [running] }] }, { sayEveryMs: 20 })
  assert.ok(said.length > 0)
  assert.deepEqual(new Set(said), new Set([`waiting for trades (${path}): no rows yet`]))
})

it('gives up in the end, and says what was missing', async () => {
  const query = { data: [failing('failed', 'Job aborted.')] }
  await assert.rejects(wait({ [path]: [{ data: [row] }], '/v1/queries': [query] }, { withinMs: 30 }), { message: `trades (${path}) is not readable: its query is failed: Job aborted. See: npm run status, npm run logs.` })
})
