import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { postJson } from '../../http/get-json.ts'
import { queryStatuses, type QueryStatus } from '../../http/query-status.ts'
import { eventually } from '../../line/eventually.ts'
import type { Line } from '../../line/line.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { checkpointOf, newest } from '../faults/checkpoint.ts'

/** What is done to the checkpoint of the stream's query, in its folder. */
const mutations: readonly { readonly what: string; readonly change: (folder: string) => void }[] = [
  { what: 'the last offset file cut', change: (folder) => { truncateSync(newest(join(folder, 'offsets')), 3) } },
  { what: 'a file of the state removed', change: (folder) => { rmSync(newest(join(folder, 'state/0/0'))) } },
  { what: 'all removed', change: (folder) => { rmSync(folder, { recursive: true, force: true }) } },
]

export const checkpointMutated: Drill = {
  id: 'F12',
  title: 'the checkpoint cut, with a piece missing, and gone',
  breaks: `while Spark is away: ${mutations.map(({ what }) => what).join('; ')}`,
  expects: 'the query says that it cannot go on, or counts again; one call rebuilds, and the rows are the same',
  protects: 'a generation built beside the served one; absolute rows',
  async run(bench) {
    const { traffic } = bench
    // What is lost of a checkpoint is read again from the topic, with all that comes meanwhile.
    await traffic.flow({ rate: 100, duplicateShare: 0.05, disorderMs: 3_000 })
    for (const mutation of mutations) {
      await traffic.untilMade((await traffic.made()).during + 1_000)
      await mutate(bench, mutation)
    }
    await traffic.flow({ rate: 1_000, duplicateShare: 0.05, disorderMs: 3_000 })
  },
}

async function mutate({ line, processes, recovers, say }: DrillBench, { what, change }: (typeof mutations)[number]): Promise<void> {
  const next = await processes.killAndHold('spark')
  change(checkpointOf(line))
  next.goOn()
  const seen = await eventually(async () => {
    const query = (await queryStatuses(line)).find(({ stream, state }) => stream === 'trades' && state !== 'building')
    return query?.state === 'checkpoint_corrupt' || query?.state === 'data_loss' || query?.state === 'running' ? query : false
  }, { deadlineMs: 600_000, everyMs: 500, what: 'the query to run, or to say why it does not' })
  say(`${what}: the query is ${seen.state}`)
  if (seen.state !== 'running') await rebuild(line, seen)
  await recovers(what)
}

export const rebuild = (line: Line, { name }: QueryStatus): Promise<unknown> =>
  postJson(`${line.urls.sparkBridge}/v1/queries/${encodeURIComponent(name)}/restart`, { rebuild: true }, { authorization: `Bearer ${line.key('control')}` })
