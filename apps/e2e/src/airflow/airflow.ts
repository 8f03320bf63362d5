import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { getJson, postJson, UnexpectedAnswer } from '../http/get-json.ts'

export interface DagRun {
  readonly dag_run_id: string
  readonly state: 'queued' | 'running' | 'success' | 'failed'
  readonly run_type: 'scheduled' | 'manual' | 'asset_triggered' | 'backfill'
}

export interface TaskInstance {
  readonly id: string
  readonly task_id: string
  readonly state: string | null
  readonly try_number: number
}

const user = 'admin'
const conflict = 409
const ended: readonly DagRun['state'][] = ['success', 'failed']

/** Airflow's REST API (v2, stable), as far as the tests ask. */
export class Airflow {
  readonly #api: string
  readonly #headers: Readonly<Record<string, string>>

  private constructor(api: string, token: string) {
    this.#api = api
    this.#headers = { authorization: `Bearer ${token}` }
  }

  static async of(line: Line): Promise<Airflow> {
    const { access_token: token } = await postJson<{ access_token: string }>(`${line.urls.airflow}/auth/token`, { username: user, password: line.airflowPassword() })
    return new Airflow(`${line.urls.airflow}/api/v2`, token)
  }

  async dags(): Promise<{ readonly dag_id: string; readonly is_paused: boolean; readonly has_import_errors: boolean }[]> {
    return (await this.#get<{ dags: { dag_id: string; is_paused: boolean; has_import_errors: boolean }[] }>('/dags?limit=100')).dags
  }

  async importErrors(): Promise<unknown[]> {
    return (await this.#get<{ import_errors: unknown[] }>('/importErrors')).import_errors
  }

  /**
   * Begins a run by hand. On SQLite a trigger that meets the start of a task may fail with 500; the run's name makes it safe
   * to ask again, and 409 says that it is there.
   */
  trigger(dag: string, run: string, conf: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return eventually(async () => {
      try {
        await postJson(`${this.#api}/dags/${dag}/dagRuns`, { dag_run_id: run, logical_date: null, conf }, this.#headers)
      } catch (error) {
        if (!(error instanceof UnexpectedAnswer && error.status === conflict)) throw error
      }
      return run
    }, { deadlineMs: 60_000, everyMs: 500, what: `run ${run} of ${dag} to be begun` })
  }

  /** Newest first. */
  async runs(dag: string): Promise<DagRun[]> {
    return (await this.#get<{ dag_runs: DagRun[] }>(`/dags/${dag}/dagRuns?order_by=-run_after&limit=50`)).dag_runs
  }

  async tasks(dag: string, run: string): Promise<TaskInstance[]> {
    return (await this.#get<{ task_instances: TaskInstance[] }>(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`)).task_instances
  }

  async task(dag: string, run: string, name: string): Promise<TaskInstance | undefined> {
    return (await this.tasks(dag, run)).find(({ task_id: id }) => id === name)
  }

  /** What a task has answered. */
  async result(dag: string, run: string, task: string): Promise<unknown> {
    return (await this.#get<{ value: unknown }>(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances/${task}/xcomEntries/return_value?deserialize=true`)).value
  }

  /** Waits until a run has ended, however it has. */
  end(dag: string, run: string, deadlineMs = 300_000): Promise<DagRun> {
    return eventually(async () => {
      const found = (await this.runs(dag)).find(({ dag_run_id: id }) => id === run)
      return found !== undefined && ended.includes(found.state) && found
    }, { deadlineMs, everyMs: 1_000, what: `run ${run} of ${dag} to end` })
  }

  /** Lets nothing begin by itself any more, and ends what has begun; resolves when no task runs. */
  async quiet(): Promise<void> {
    await this.#patch('/dags?dag_id_pattern=%25', { is_paused: true })
    const { dag_runs: begun } = await this.#get<{ dag_runs: (DagRun & { dag_id: string })[] }>('/dags/~/dagRuns?state=running&state=queued&limit=100')
    for (const { dag_id: dag, dag_run_id: run } of begun) await this.#patch(`/dags/${dag}/dagRuns/${encodeURIComponent(run)}`, { state: 'failed' })
    await eventually(async () => (await this.#get<{ total_entries: number }>('/dags/~/dagRuns/~/taskInstances?state=running&state=queued')).total_entries === 0, { deadlineMs: 60_000, everyMs: 500, what: 'every task to end' })
  }

  async #patch(path: string, body: unknown): Promise<void> {
    const answer = await fetch(this.#api + path, { method: 'PATCH', headers: { ...this.#headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new UnexpectedAnswer(`PATCH ${path}`, answer.status, text)
  }

  #get<T>(path: string): Promise<T> {
    return getJson<T>(this.#api + path, this.#headers)
  }
}
