import { randomUUID } from 'node:crypto'
import { eventually } from '../line/eventually.ts'
import type { Line } from '../line/line.ts'
import { getJson, postJson } from './get-json.ts'
import type { Run } from './trigger-run.ts'

export interface Restore extends Run {
  readonly restore: { readonly pages: number; readonly events: number; readonly missing: number; readonly from: string | null }
}

const within = { deadlineMs: 300_000, everyMs: 250 } as const

/** Asks for a restore of the stream's topic, as docs/guides/operate.md says, and waits until it has ended, however it has. */
export async function restoreTopic(line: Line, stream: string): Promise<Restore> {
  const authorization = `Bearer ${line.key('control')}`
  const headers = { authorization, 'idempotency-key': randomUUID() }
  const { id } = await eventually(() => postJson<Restore>(`${line.urls.ingestion}/v1/streams/${stream}/restore`, { reason: 'a drill' }, headers), { ...within, what: `a restore of ${stream} to be accepted` })
  return await eventually(async () => {
    const run = await getJson<Restore>(`${line.urls.ingestion}/v1/runs/${id}`, { authorization })
    return run.state !== 'queued' && run.state !== 'running' && run
  }, { ...within, what: `restore ${id} to end` })
}
