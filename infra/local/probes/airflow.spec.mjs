import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { it } from 'node:test'
import { askDags, pingAirflow, probeHeartbeat } from './airflow.mjs'

/** Answers paths from a table; any other path is a 404. */
const serve = async (t, table) => {
  const server = createServer((request, response) => {
    const answer = table[request.url]
    const refused = request.url.startsWith('/api/v2/dags') && request.headers.authorization !== 'Bearer t'
    response.statusCode = refused ? 401 : answer === undefined ? 404 : 200
    response.end(JSON.stringify(answer ?? { detail: 'no' }))
  }).listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${server.address().port}`
}

const startedAt = new Date('2026-01-01T00:00:10Z')
const health = (status, at) => ({ '/api/v2/monitor/health': { scheduler: { status, latest_scheduler_heartbeat: at } } })

it('is not ready by the heartbeat of a predecessor, nor by none, nor by one that is too old', async (t) => {
  const probe = async (status, at) => probeHeartbeat(await serve(t, health(status, at)), 'scheduler', startedAt)
  await assert.rejects(probe('healthy', '2026-01-01T00:00:09.9+00:00'), /no heartbeat since the start; the last one was 2026/)
  await assert.rejects(probe(null, null), /the last one was never/)
  await assert.rejects(probe('unhealthy', '2026-01-01T00:00:11+00:00'), /unhealthy/)
  await probe('healthy', '2026-01-01T00:00:10.1+00:00')
})

it('is not ready before the tasks are answered', async (t) => {
  await assert.rejects(pingAirflow(await serve(t, {})), /execution\/health\/ping answers 404/)
  await pingAirflow(await serve(t, { '/execution/health/ping': { ok: [] } }))
})

it('says the last run of each DAG, and what cannot be read', async (t) => {
  const url = await serve(t, {
    '/auth/token': { access_token: 't' },
    '/api/v2/dags?limit=100&order_by=dag_id': { dags: [{ dag_id: 'a#b', is_paused: true }, { dag_id: 'new', is_paused: false }] },
    '/api/v2/dags/a%23b/dagRuns?limit=1&order_by=-run_after': { dag_runs: [{ dag_run_id: 'r', state: 'failed', start_date: '2026-01-01T00:00:00Z', end_date: null }] },
    '/api/v2/dags/new/dagRuns?limit=1&order_by=-run_after': { dag_runs: [] },
    '/api/v2/importErrors?limit=100': { import_errors: [{ filename: 'x.py', stack_trace: 'Traceback\n  …\nNameError: y\n' }] },
  })
  assert.deepEqual(await askDags(url, { username: 'admin', password: 'p' }), {
    dags: [
      { dag: 'a#b', isPaused: true, state: 'failed', run: 'r', startedAt: '2026-01-01T00:00:00Z', endedAt: null },
      { dag: 'new', isPaused: false, state: null, run: null, startedAt: null, endedAt: null },
    ],
    unreadable: [{ file: 'x.py', error: 'NameError: y' }],
  })
})
