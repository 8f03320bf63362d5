const ask = async (url, options = {}) => {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(5_000) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text)
}

/** The API answers the tasks: a scheduler that is earlier has its first tasks fail. */
export const pingAirflow = (url) => ask(`${url}/execution/health/ping`)

/**
 * The heartbeat of `scheduler` or `dag_processor` is newer than the start of its process, so that no predecessor answers for it.
 *
 *     GET /api/v2/monitor/health → { "scheduler": { "status": "healthy", "latest_scheduler_heartbeat": "2026-…" }, … }
 */
export const probeHeartbeat = async (url, name, startedAt) => {
  const { status, [`latest_${name}_heartbeat`]: at } = (await ask(`${url}/api/v2/monitor/health`))[name]
  if (at === null || Date.parse(at) < startedAt.getTime()) throw new Error(`no heartbeat since the start; the last one was ${at ?? 'never'}`)
  if (status !== 'healthy') throw new Error(`${status}; the last heartbeat was at ${at}`)
}

const token = async (url, { username, password }) =>
  (await ask(`${url}/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) })).access_token

/** Each DAG with its last run, and the files that cannot be read. */
export const askDags = async (url, credentials) => {
  const headers = { authorization: `Bearer ${await token(url, credentials)}` }
  const get = (path) => ask(`${url}/api/v2/${path}`, { headers })
  const [{ dags }, { import_errors: errors }] = await Promise.all([get('dags?limit=100&order_by=dag_id'), get('importErrors?limit=100')])
  const lastRun = async (id) => (await get(`dags/${encodeURIComponent(id)}/dagRuns?limit=1&order_by=-run_after`)).dag_runs[0]
  return {
    dags: await Promise.all(dags.map(async ({ dag_id: dag, is_paused: isPaused }) => {
      const run = await lastRun(dag)
      return { dag, isPaused, state: run?.state ?? null, run: run?.dag_run_id ?? null, startedAt: run?.start_date ?? null, endedAt: run?.end_date ?? null }
    })),
    unreadable: errors.map(({ filename, stack_trace: trace }) => ({ file: filename, error: trace.trim().split('\n').at(-1) })),
  }
}
