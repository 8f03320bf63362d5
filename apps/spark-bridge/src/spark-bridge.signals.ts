import { defineSignal } from '@millrace/observability'

export const queryStarted = defineSignal('query_started', {
  level: 'info',
  text: 'Started {query} from its checkpoint.',
  counter: { name: 'millrace_query_starts_total', help: 'Queries started.', labels: ['stream'] },
})

export const queryAdopted = defineSignal('query_adopted', { level: 'info', text: 'Adopted {query}, which was running already.' })

export const queryStopped = defineSignal('query_stopped', { level: 'info', text: 'Stopped {query}: {why}.' })

export const queryEnded = defineSignal('query_ended', {
  level: 'warn',
  text: '{query} has ended ({code}); it is started again from its checkpoint in {waitMs} ms. Nothing is lost.',
  counter: { name: 'millrace_query_failures_total', help: 'Queries that ended by themselves.', labels: ['stream', 'code'] },
})

export const queryHalted = defineSignal('query_halted', {
  level: 'error',
  text: '{query} has ended ({code}) and is not started again by itself. {remedy}',
  counter: { name: 'millrace_queries_halted_total', help: 'Queries that wait for an operator.', labels: ['stream', 'code'] },
})

export const queryRecovered = defineSignal('query_recovered', { level: 'info', text: '{query} finishes batches again.' })

export const batchFinished = defineSignal('query_batch_finished', {
  level: 'debug',
  text: '{query} finished batch {batch}: {rows} events in {seconds} s.',
  counter: { name: 'millrace_query_events_total', help: 'Events read by queries.', labels: ['stream'], value: 'rows' },
  histogram: { name: 'millrace_query_batch_seconds', help: 'Duration of a batch.', labels: ['stream'], value: 'seconds', buckets: [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60] },
})

export const eventsMalformed = defineSignal('query_events_malformed', {
  level: 'warn',
  text: '{query} read {count} records that are no events in batch {batch}. They are in no window and are kept as dead letters; only ingestion should write this topic.',
  counter: { name: 'millrace_query_malformed_total', help: 'Records of a stream that are no events.', labels: ['stream'], value: 'count' },
})

export const batchesUnheard = defineSignal('query_batches_unheard', { level: 'info', text: 'Looking at {count} events of {stream} for malformed ones: nobody has heard what their batches found.' })

export const malformedKept = defineSignal('malformed_kept', {
  level: 'warn',
  text: 'Kept {count} records of {stream}, partition {partition}, as dead letters; the first: {detail}.',
  counter: { name: 'millrace_query_malformed_kept_total', help: 'Malformed records of a stream kept as dead letters.', labels: ['stream'], value: 'count' },
})

export const eventsDropped = defineSignal('query_events_dropped', {
  level: 'warn',
  text: '{query} dropped {count} events behind its watermark in batch {batch}. Old repetitions are harmless; the windows of these offsets are counted again as soon as they are final.',
  counter: { name: 'millrace_query_dropped_total', help: 'Events dropped by Spark behind its watermark.', labels: ['stream'], value: 'count' },
})

export const droppedRecounted = defineSignal('query_dropped_recounted', {
  level: 'info',
  text: 'The windows of {stream} from {from} to {to} are counted again, since Spark has dropped events of theirs.',
  counter: { name: 'millrace_query_dropped_recounts_total', help: 'Recounts that the bridge has entered by itself because Spark had dropped events behind its watermark.', labels: ['stream'] },
})

export const droppedMissed = defineSignal('query_dropped_missed', {
  level: 'error',
  text: 'Spark has dropped events of {stream} that count: recount {recount} finds {windows} windows between {from} and {to} stored otherwise than the events say. The first: {first}. Build the range again (POST /v1/streams/<stream>/replays), or rebuild the query.',
  counter: { name: 'millrace_query_dropped_missed_total', help: 'Windows stored otherwise than the events say, where Spark had dropped events behind its watermark.', labels: ['stream'], value: 'windows' },
})

export const generationAllocated = defineSignal('generation_allocated', { level: 'info', text: 'Generation {generation} of {stream} is built from the start of its topic ({kind}).' })

export const generationPromoted = defineSignal('generation_promoted', { level: 'info', text: 'Generation {generation} of {stream} is served from now on.' })

export const generationRetired = defineSignal('generation_retired', { level: 'info', text: 'Generation {generation} of {stream} is retired: {why}.' })

export const markerSent = defineSignal('progress_marker_sent', { level: 'debug', text: 'Generation {generation} of {stream} has all windows up to {watermark}.' })

export const sparkLost = defineSignal('spark_lost', {
  level: 'warn',
  text: 'The Spark server does not answer; its queries start again from their checkpoints when it is back. Nothing is lost.',
  counter: { name: 'millrace_spark_lost_total', help: 'Times that the Spark server was lost.' },
})

export const sparkFound = defineSignal('spark_found', { level: 'info', text: 'The Spark server answers.' })

export const streamHeld = defineSignal('stream_supervision_held', {
  level: 'warn',
  text: 'The queries of {stream} cannot be looked after completely just now; trying again.',
  counter: { name: 'millrace_supervision_failures_total', help: 'Rounds of supervision that failed in part.', labels: ['stream'] },
})

export const recountEntered = defineSignal('recount_entered', { level: 'info', text: 'Entered recount {recount} of {stream} from {from} to {to}.' })

export const recountEqual = defineSignal('recount_equal', {
  level: 'info',
  text: 'Recount {recount}: all {compared} windows of {stream} from {from} to {to} are stored as its events say.',
  counter: { name: 'millrace_recounts_equal_total', help: 'Recounts that found every window as it is stored.', labels: ['stream'] },
})

export const recountDifferent = defineSignal('recount_different', {
  level: 'error',
  text: 'Recount {recount}: of {compared} windows of {stream} from {from} to {to}, {different} are stored otherwise than its events say, {missing} are missing and {extra} are too many. The first: {first}.',
  counter: { name: 'millrace_recounts_different_total', help: 'Recounts that found windows stored otherwise than the events say.', labels: ['stream'] },
})

export const recountFailed = defineSignal('recount_failed', {
  level: 'error',
  text: 'Recount {recount} of {stream} is {state} ({code}): it says nothing about the windows. Ask for it again when the cause is mended.',
  counter: { name: 'millrace_recounts_failed_total', help: 'Recounts that came to no result.', labels: ['stream', 'code'] },
})

export const recountPostponed = defineSignal('recount_postponed', {
  level: 'warn',
  text: 'Recount {recount} of {stream} cannot go on just now ({code}); it is begun again.',
  counter: { name: 'millrace_recounts_postponed_total', help: 'Attempts at recounts that did not come to an end.', labels: ['stream'] },
})

export const recountQueueHeld = defineSignal('recount_queue_held', {
  level: 'warn',
  text: 'Nobody knows which recounts there are to do ({code}); trying again.',
  counter: { name: 'millrace_recount_queue_failures_total', help: 'Times that the queue of recounts could not be read.' },
})

export const checkpointsRemoved = defineSignal('checkpoints_removed', {
  level: 'info',
  text: 'Removed {count} checkpoints that no query uses, {bytes} bytes: {names}.',
  counter: { name: 'millrace_checkpoints_removed_total', help: 'Checkpoints removed that no query used.', value: 'count' },
})

export const replayEntered = defineSignal('replay_entered', { level: 'info', text: 'Entered the {kind} {replay} of {stream}.' })

export const replayReady = defineSignal('replay_ready', {
  level: 'info',
  text: 'Replay {replay} of {stream} from {from} to {to} is built as generation {generation} and waits to be promoted: of {compared} windows {different} differ from what is served, {missing} are new and {extra} would be gone.',
})

export const replaySucceeded = defineSignal('replay_succeeded', {
  level: 'info',
  text: 'The {kind} {replay} of {stream} from {from} to {to} is served as generation {generation}; {late} late events count from now on.',
  counter: { name: 'millrace_replays_promoted_total', help: 'Replays and inclusions that were promoted.', labels: ['stream', 'kind'] },
})

export const lateIncluded = defineSignal('late_events_included', {
  level: 'debug',
  text: 'Included {count} late events of {stream}.',
  counter: { name: 'millrace_late_events_included_total', help: 'Late events that were included in final windows.', labels: ['stream'], value: 'count' },
})

export const replayDiscarded = defineSignal('replay_discarded', { level: 'info', text: 'Replay {replay} of {stream} is discarded: {why}.' })

export const replayFailed = defineSignal('replay_failed', {
  level: 'error',
  text: 'The {kind} {replay} of {stream} is {state} ({code}); nothing has changed for readers. Ask for it again when the cause is mended.',
  counter: { name: 'millrace_replays_failed_total', help: 'Replays and inclusions that came to no result.', labels: ['stream', 'code'] },
})

export const replayPostponed = defineSignal('replay_postponed', {
  level: 'warn',
  text: 'Replay {replay} of {stream} cannot go on just now ({code}); it is begun again.',
  counter: { name: 'millrace_replays_postponed_total', help: 'Attempts at replays and inclusions that did not come to an end.', labels: ['stream'] },
})

export const replayQueueHeld = defineSignal('replay_queue_held', {
  level: 'warn',
  text: 'Nobody knows which replays there are to do ({code}); trying again.',
  counter: { name: 'millrace_replay_queue_failures_total', help: 'Times that the queue of replays could not be read.' },
})

export const rangeGivenUp = defineSignal('range_given_up', { level: 'info', text: 'Generation {generation} of {stream}, a range that a bridge before was building, is given up.' })

export const lateCarried = defineSignal('late_events_carried', { level: 'info', text: 'Generation {generation} of {stream} was promoted together with {ranges}, which carry the {count} late events that were included before.' })

export const carryPostponed = defineSignal('late_carry_postponed', {
  level: 'warn',
  text: 'Generation {generation} of {stream} is not promoted yet: the late events that were included before could not be carried into it ({code}). It is tried again; readers have what they had.',
  counter: { name: 'millrace_late_carry_failures_total', help: 'Times that included events could not be carried into a new generation.', labels: ['stream'] },
})
