import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { Airflow, type DagRun } from '../airflow/airflow.ts'
import { loseRow, smuggleQuake } from '../airflow/plant.ts'
import { runsUnder } from '../airflow/runs-under.ts'
import { taskProcess } from '../airflow/task-process.ts'
import { Webhook, type Alert } from '../airflow/webhook.ts'
import { postJson } from '../http/get-json.ts'
import { readView, type Row } from '../http/read-view.ts'
import { streamStatus } from '../http/stream-status.ts'
import { eventually } from '../line/eventually.ts'
import { killProcess } from '../line/kill-process.ts'
import { launcher } from '../line/launcher.ts'
import { lineProcess } from '../line/line-processes.ts'
import type { Line } from '../line/line.ts'
import { GuideShell } from '../workspace/guide-shell.ts'
import { week } from './earthquakes.suite.ts'
import { guideFile } from './operate/operated.ts'

const hour = 3_600_000
const patienceMs = 420_000

/** The same line with Airflow: what its DAGs do when all is well, and what turns them red. The stream of trades is left to run. */
export function airflowSuite(plain: Line): void {
  const hookFile = join(plain.state, 'secrets/alert-webhook')
  // A run waits only so long for its source and a task for its next try, else the test of a source that is down takes half an hour.
  const soon = { MILLRACE_INGESTION_OUTAGE: '5 seconds', MILLRACE_AIRFLOW_RETRIES: '2', MILLRACE_AIRFLOW_RETRY_SECONDS: '1' }
  const line = plain.with({ MILLRACE_AIRFLOW: 'on', MILLRACE_ALERT_WEBHOOK_FILE: hookFile, ...soon })
  const webhook = new Webhook()
  let airflow: Airflow
  let guide: GuideShell

  const hold = (what: 'pause' | 'resume', stream: string): Promise<unknown> =>
    postJson(`${line.urls.ingestion}/v1/streams/${stream}/${what}`, {}, { authorization: `Bearer ${line.key('control')}` })
  const begin = (dag: string, name: string, conf?: Readonly<Record<string, unknown>>): Promise<string> => airflow.trigger(dag, `e2e-${name}`, conf)
  const taskOf = (dag: string, run: string, task: string, state: string) => eventually(async () => {
    const found = await airflow.task(dag, run, task)
    return found?.state === state && found
  }, { deadlineMs: 120_000, everyMs: 250, what: `${task} of ${dag} to be ${state}` })
  const alertOf = async (dag: string, run: string): Promise<Alert> => {
    expect(await airflow.end(dag, run, patienceMs)).toMatchObject({ state: 'failed' })
    return eventually(() => Promise.resolve(webhook.of(dag, run) ?? false), { deadlineMs: 30_000, everyMs: 100, what: `the webhook to be told of ${run}` })
  }
  /** A final window of a network with some events, later than those that count an event which was included: they are of another generation. */
  const finalWindow = async (): Promise<Row> => {
    const rows = (await readView(line.urls.queryApi, '/v1/earthquakes/per-hour', { ...week, from: Date.parse('2018-02-04T00:00:00Z') }, 1_000)).filter(({ final }) => final === true)
    const found = rows.find(({ network, events }) => network === 'ci' && Number(events) >= 2)
    if (!found) throw new Error('No window of ci is final.')
    return found
  }
  const generation = async (): Promise<number> => (await streamStatus(line.urls.queryApi, 'earthquakes')).generation ?? 0

  describe('Airflow', () => {
    beforeAll(async () => {
      await launcher(line, 'stop')
      await webhook.listen(hookFile)
      await launcher(line, 'start', '--detach')
      airflow = await Airflow.of(line)
      guide = new GuideShell(line, guideFile)
    }, 600_000)

    afterAll(async () => {
      guide.close()
      await webhook.close()
    })

    it('shows every DAG, unpaused and without an import error', async () => {
      const dags = await eventually(async () => {
        const found = await airflow.dags()
        return found.length >= 7 && found
      }, { deadlineMs: 60_000, everyMs: 500, what: 'the DAGs to be read' })
      expect(dags.map(({ dag_id: id }) => id).sort()).toEqual(['earthquakes_backfill', 'earthquakes_pipeline', 'earthquakes_recount', 'maintenance', 'trades_backfill', 'trades_pipeline', 'trades_recount'])
      expect(dags.filter(({ is_paused: isPaused, has_import_errors: isBroken }) => isPaused || isBroken)).toEqual([])
      expect(await airflow.importErrors()).toEqual([])
    }, 90_000)

    it('runs the pipeline of earthquakes on its own schedule, and the recount follows by itself', async () => {
      const first = async (dag: string, type: DagRun['run_type']): Promise<DagRun> => {
        const run = await eventually(async () => (await airflow.runs(dag)).findLast(({ run_type: found }) => found === type) ?? false, { deadlineMs: 240_000, everyMs: 1_000, what: `${dag} to be begun` })
        return airflow.end(dag, run.dag_run_id)
      }
      expect(await first('earthquakes_pipeline', 'scheduled')).toMatchObject({ state: 'success' })
      expect(await first('earthquakes_recount', 'asset_triggered')).toMatchObject({ state: 'success' })
    }, patienceMs + 240_000)

    it('pulls a past range again by hand, which moves neither cursor nor watermark', async () => {
      const before = await streamStatus(line.urls.queryApi, 'earthquakes')
      const run = await begin('earthquakes_backfill', 'backfill', { from: '2018-02-01T00:00:00Z', to: '2018-02-02T00:00:00Z' })
      expect(await airflow.end('earthquakes_backfill', run)).toMatchObject({ state: 'success' })
      const { kind, counts } = await airflow.result('earthquakes_backfill', run, 'ingest') as { kind: string; counts: Record<string, number> }
      expect({ kind, ...counts }).toMatchObject({ kind: 'backfill', fresh: 0, late: 0, published: 0, repeated: counts['fetched'] })
      expect(counts['fetched']).toBeGreaterThan(100)
      const after = await streamStatus(line.urls.queryApi, 'earthquakes')
      expect([after.watermark, after.highestEventTime, after.counts.fresh]).toEqual([before.watermark, before.highestEventTime, before.counts.fresh])
    }, patienceMs)

    it('refuses a backfill of what is no range before anything is begun', async () => {
      await expect(begin('earthquakes_backfill', 'no-range', { from: 'yesterday', to: '2018-02-02T00:00:00Z' })).rejects.toThrow(/answered 4\d\d: .*yesterday/)
      expect((await airflow.runs('earthquakes_backfill')).map(({ dag_run_id: id }) => id)).not.toContain('e2e-no-range')
    }, 60_000)

    it('cleans up, and says what it has removed', async () => {
      const run = await begin('maintenance', 'clean')
      expect(await airflow.end('maintenance', run)).toMatchObject({ state: 'success' })
      expect(await airflow.result('maintenance', run, 'spark_bridge')).toMatchObject({ checkpoints: { removed: [] } })
      expect(await airflow.result('maintenance', run, 'ingestion')).toMatchObject({ runs: { removed: 0 } })
      expect(await airflow.result('maintenance', run, 'materializer')).toMatchObject({ deadLetters: { removed: 0 } })
    }, patienceMs)

    it('keeps one run when the process of a task is killed after its POST', async () => {
      await hold('pause', 'earthquakes')
      const run = await begin('earthquakes_pipeline', 'task-killed')
      const { id } = await taskOf('earthquakes_pipeline', run, 'ingest', 'running')
      await eventually(async () => (await runsUnder(line, run)).length > 0, { deadlineMs: 60_000, everyMs: 100, what: 'the task to have posted' })
      const pid = taskProcess(id)
      if (pid === undefined) throw new Error(`There is no process of task instance ${id}.`)
      process.kill(pid, 'SIGKILL')
      await eventually(async () => ((await airflow.task('earthquakes_pipeline', run, 'ingest'))?.try_number ?? 1) > 1, { deadlineMs: 120_000, everyMs: 500, what: 'the task to be tried again' })
      await hold('resume', 'earthquakes')
      expect(await airflow.end('earthquakes_pipeline', run)).toMatchObject({ state: 'success' })
      expect(await runsUnder(line, run)).toHaveLength(1)
    }, patienceMs)

    it('keeps one run when the scheduler is killed while one is due', async () => {
      const { pid } = await lineProcess(line, 'airflow-scheduler')
      if (pid === null) throw new Error('The scheduler does not run.')
      const run = await begin('earthquakes_pipeline', 'scheduler-killed')
      await killProcess(line, 'airflow-scheduler')
      expect(await airflow.end('earthquakes_pipeline', run)).toMatchObject({ state: 'success' })
      expect(await runsUnder(line, run)).toHaveLength(1)
    }, patienceMs)

    it('fails the pipeline with the reason while the source is down, and is green again after it', async () => {
      const { pid } = await lineProcess(line, 'source-simulator')
      if (pid === null) throw new Error('The simulator does not run.')
      process.kill(pid, 'SIGSTOP')
      try {
        expect((await alertOf('trades_pipeline', await begin('trades_pipeline', 'source-down'))).error).toMatch(/of ingestion failed: .*\[source_\w+\]/)
      } finally {
        process.kill(pid, 'SIGCONT')
      }
      expect(await airflow.end('trades_pipeline', await begin('trades_pipeline', 'source-up'))).toMatchObject({ state: 'success' })
    }, patienceMs + 120_000)

    it('turns the recount red with the window whose row is lost', async () => {
      const { network, windowStart, events } = await finalWindow()
      await loseRow(line, { table: 'earthquakes_per_hour_v1', network: String(network), windowStart: Date.parse(String(windowStart)), generation: await generation(), events: Number(events) })
      const { error, task } = await alertOf('earthquakes_recount', await begin('earthquakes_recount', 'row-lost'))
      expect(task).toBe('equal')
      expect(error).toContain(`per-hour network ${String(network)} ${String(windowStart)}: missing in by-group`)
    }, patienceMs)

    it('turns the pipeline red with the hour whose books do not balance, and a rebuild makes both green', async () => {
      const { windowStart } = await finalWindow()
      const [ledger] = await readView(line.urls.queryApi, '/v1/earthquakes/_ledger', { from: Date.parse(String(windowStart)), to: Date.parse(String(windowStart)) + hour })
      await loseRow(line, { table: 'earthquakes__ledger_v1', windowStart: Date.parse(String(windowStart)), generation: await generation(), events: Number(ledger?.['events']) })
      const { error, task } = await alertOf('earthquakes_pipeline', await begin('earthquakes_pipeline', 'unbalanced'))
      expect(task).toBe('balanced')
      expect(error).toContain(`${String(windowStart)}: published = aggregated: ${String(ledger?.['events'])} against 0`)

      const before = await generation()
      await guide.type('"rebuild": true')
      await eventually(async () => (await generation()) > before, { deadlineMs: 360_000, everyMs: 500, what: 'the rebuilt generation to be served' })
      expect(await airflow.end('earthquakes_pipeline', await begin('earthquakes_pipeline', 'rebuilt'))).toMatchObject({ state: 'success' })
      expect(await airflow.end('earthquakes_recount', await begin('earthquakes_recount', 'rebuilt'))).toMatchObject({ state: 'success' })
    }, patienceMs * 2)

    it('turns the recount red with the window that an event past ingestion belongs to', async () => {
      const { network, windowStart } = await finalWindow()
      await smuggleQuake(line, { network: String(network), occurredAt: Date.parse(String(windowStart)) + 1 })
      const { error } = await alertOf('earthquakes_recount', await begin('earthquakes_recount', 'smuggled'))
      expect(error).toContain(`per-hour network ${String(network)} ${String(windowStart)}: stored in both`)
    }, patienceMs)
  })
}
