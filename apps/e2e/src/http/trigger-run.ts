import { randomUUID } from 'node:crypto'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { getJson, postJson } from './get-json.ts'

export interface Run {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'abandoned'
  readonly counts: Readonly<Record<'fetched' | 'fresh' | 'repeated' | 'rejected' | 'late' | 'published', number>>
  readonly offsets: Readonly<Record<string, number>>
  readonly error: unknown
}

const ended: readonly Run['state'][] = ['succeeded', 'failed', 'abandoned']

/** Triggers a run of a stream and waits until it has ended; one key, so that a trigger whose answer is lost is the same run. */
export async function triggerRun(line: Line, stream: string): Promise<Run> {
  const authorization = `Bearer ${line.key('trigger')}`
  const headers = { authorization, 'idempotency-key': randomUUID() }
  const { id } = await eventually(() => postJson<Run>(`${line.urls.ingestion}/v1/streams/${stream}/runs`, {}, headers), {
    deadlineMs: 60_000, everyMs: 250, what: `a run of ${stream} to be accepted`,
  })
  return eventually(async () => {
    const run = await getJson<Run>(`${line.urls.ingestion}/v1/runs/${id}`, { authorization })
    return ended.includes(run.state) && run
  }, { deadlineMs: 120_000, everyMs: 100, what: `run ${id} of ${stream} to end` })
}
