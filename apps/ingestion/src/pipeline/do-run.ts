import type { Run, RunRedrive } from '@millrace/cassandra'
import type { StreamRedrive } from '../redrive/stream-redrive.ts'
import type { StreamRestore } from '../restore/stream-restore.ts'
import type { StreamHold } from './stream-hold.ts'
import type { PullControl, StreamPull } from './stream-pull.ts'

export interface RunParts {
  readonly hold: StreamHold
  readonly pull: StreamPull
  /** Without it redrives wait. */
  readonly redrive?: StreamRedrive
  /** Without it restores wait. */
  readonly restore?: StreamRestore
}

/** Does a triggered run, of whichever kind. Answers it as it has succeeded, or null where it was told to stop: it goes on later. */
export async function doRun(run: Run, parts: RunParts, control: PullControl): Promise<Run | null> {
  if (run.restore) return await restored(run, parts, control)
  if (run.redrive) return await redriven(run, run.redrive, parts, control)
  const { hold, pull } = parts
  if (!(await pull.pull({ id: run.id, isTriggered: true, range: run.range }, control))) return null
  return { ...run, state: 'succeeded', counts: hold.state.progress.run?.counts ?? run.counts, offsets: hold.state.publishedOffsets }
}

/** Afterwards the state is read anew: what a pull knows of ids and books is of before. */
async function redriven(run: Run, asked: RunRedrive, { hold, pull, redrive }: RunParts, { goesOn }: PullControl): Promise<Run | null> {
  await pull.flush()
  const report = await redrive?.run({ id: run.id, redrive: asked }, goesOn)
  const { progress, publishedOffsets } = hold.state
  hold.forget()
  return report ? { ...run, state: 'succeeded', report, counts: progress.run?.id === run.id ? progress.run.counts : run.counts, offsets: publishedOffsets } : null
}

/** Afterwards the state is read anew, however it ends: the offsets are others. */
async function restored(run: Run, { hold, restore }: RunParts, { goesOn }: PullControl): Promise<Run | null> {
  try {
    const report = await restore?.run(run.id, goesOn)
    if (!report) return null
    hold.forget()
    const { publishedOffsets } = await hold.take()
    return { ...run, state: 'succeeded', restore: report, offsets: publishedOffsets }
  } finally {
    hold.forget()
  }
}
