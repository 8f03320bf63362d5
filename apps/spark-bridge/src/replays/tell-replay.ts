import type { Replay } from '@millrace/cassandra'
import { streamLabel } from '@millrace/stream-kit'
import { lateIncluded, replayFailed, replayReady, replaySucceeded } from '../spark-bridge.signals.ts'

/** Says what has become of a replay. */
export function tellReplay({ id, stream, version, kind, state, generation, from, to, figures, late, error }: Replay): void {
  const range = { from: from === null ? null : new Date(from).toISOString(), to: to === null ? null : new Date(to).toISOString() }
  const fields = { replay: id, stream: streamLabel({ name: stream, version }), kind, state, generation, ...range }
  if (state === 'ready') replayReady({ ...fields, ...figures })
  else if (state === 'succeeded') {
    replaySucceeded({ ...fields, ...figures, late: late.chosen })
    if (late.chosen > 0) lateIncluded({ stream: fields.stream, count: late.chosen })
  } else replayFailed({ ...fields, code: error?.code, error: error?.message })
}
