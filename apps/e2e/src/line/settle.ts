import { postJson } from '../http/get-json.ts'
import { streamStatus } from '../http/stream-status.ts'
import { endOfRun, enterRun } from '../http/trigger-run.ts'
import { eventually } from './eventually.ts'
import type { Line } from './line.ts'

/**
 * Waits until everything that the source has is in Cassandra: a run drains the source, and the materializer says that what
 * was published until then is stored. The source must stand still.
 */
export async function settle(line: Line, stream: string): Promise<void> {
  const run = await eventually(async () => {
    const last = await endOfRun(line, await enterRun(line, stream))
    return last.state === 'succeeded' && last
  }, { deadlineMs: 180_000, everyMs: 1_000, what: `a run of ${stream} to succeed` })
  const { offsets: { published } } = await streamStatus(line.urls.queryApi, stream)
  const offsets = Object.fromEntries(Object.entries({ ...run.offsets, ...published }).map(([partition, offset]) => [partition, String(offset)]))
  await eventually(async () => (await postJson<{ reached: boolean }>(`${line.urls.materializer}/v1/streams/${stream}/await`, { offsets }, authorised(line))).reached, {
    deadlineMs: 240_000, everyMs: 250, what: `${stream} to be stored up to ${JSON.stringify(offsets)}`,
  })
}

const authorised = (line: Line): Record<string, string> => ({ authorization: `Bearer ${line.key('trigger')}` })
