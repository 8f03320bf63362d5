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

/** A run that has judged dead letters again. */
export interface RedriveRun extends Run {
  readonly kind: 'redrive'
  readonly redrive: { readonly dryRun: boolean; readonly outcomes: Readonly<Record<string, number>> }
}

const ended: readonly Run['state'][] = ['succeeded', 'failed', 'abandoned']

/** Triggers a run of a stream with one idempotency key, so that a trigger whose answer is lost is the same run. Answers its id. */
export async function enterRun(line: Line, stream: string): Promise<string> {
  const headers = { authorization: `Bearer ${line.key('trigger')}`, 'idempotency-key': randomUUID() }
  const { id } = await eventually(() => postJson<Run>(`${line.urls.ingestion}/v1/streams/${stream}/runs`, {}, headers), {
    deadlineMs: 60_000, everyMs: 250, what: `a run of ${stream} to be accepted`,
  })
  return id
}

/** Waits until a run has ended, however it has. */
export const endOfRun = (line: Line, id: string): Promise<Run> => eventually(async () => {
  const run = await getJson<Run>(`${line.urls.ingestion}/v1/runs/${id}`, { authorization: `Bearer ${line.key('trigger')}` })
  return ended.includes(run.state) && run
}, { deadlineMs: 180_000, everyMs: 100, what: `run ${id} to end` })
