import { defineSignal } from '@millrace/observability'

export const leaseTaken = defineSignal('lease_taken', { level: 'info', text: 'This instance ingests {stream} from now on, in epoch {epoch}.' })

export const leaseLost = defineSignal('lease_lost', { level: 'warn', text: 'Another instance has taken {stream} over; what was in hand is finished by it.' })

export const leaseNotReleased = defineSignal('lease_not_released', { level: 'warn', text: 'The lease on {stream} could not be let go; it ends by itself.' })

export const pageFinished = defineSignal('page_finished', {
  level: 'debug',
  text: 'Page {seq} of {stream} is published and booked.',
  counter: { name: 'millrace_ingestion_pages_total', help: 'Pages published and booked.', labels: ['stream'] },
})

export const recordsJudged = defineSignal('records_judged', {
  level: 'debug',
  text: '{count} records of {stream} are {verdict}.',
  counter: { name: 'millrace_ingestion_records_total', help: 'Records judged, by verdict.', labels: ['stream', 'verdict'], value: 'count' },
})

export const recordsOutside = defineSignal('records_outside', { level: 'info', text: '{count} records of {stream} are outside the range of the backfill {run} and are left alone.' })

export const recordsRejected = defineSignal('records_rejected', { level: 'warn', text: '{count} records of {stream} can be no events and are kept in {topic}; the first: {detail}.' })

export const eventsRefused = defineSignal('events_refused', {
  level: 'warn',
  text: 'Topic {topic} has refused {count} events of {stream} for what they hold; they are kept as dead letters.',
  counter: { name: 'millrace_ingestion_events_refused_total', help: 'Events that the topic of their stream has refused.', labels: ['stream'], value: 'count' },
})

export const pageSeconds = defineSignal('page_timed', {
  level: 'debug',
  text: 'A page of {stream} took {seconds} s from its answer to the books.',
  histogram: { name: 'millrace_ingestion_page_seconds', help: 'Seconds from the answer of the source to the books.', labels: ['stream'], value: 'seconds', buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] },
})

export const watermarkMoved = defineSignal('watermark_moved', {
  level: 'debug',
  text: 'The watermark of {stream} is {watermark}.',
  gauge: { name: 'millrace_ingestion_watermark_seconds', help: 'Watermark, seconds since 1970.', labels: ['stream'], value: 'seconds' },
})

export const runEnded = defineSignal('run_ended', {
  level: 'info',
  text: 'Run {run} of {stream} has {state}.',
  counter: { name: 'millrace_ingestion_runs_total', help: 'Triggered runs that have ended, by state.', labels: ['stream', 'state'] },
})

export const runResumed = defineSignal('run_resumed', { level: 'info', text: 'Run {run} of {stream} was lost with its process and goes on.' })

export const workWaits = defineSignal('work_waits', {
  level: 'warn',
  text: 'Ingesting {stream} waits {waitMs} ms and goes on.',
  counter: { name: 'millrace_ingestion_waits_total', help: 'Waits for a source, Kafka or Cassandra.', labels: ['stream', 'code'] },
})

export const workGoesOn = defineSignal('work_goes_on', { level: 'info', text: 'Ingesting {stream} goes on after {seconds} s.' })

const circuitGauge = { name: 'millrace_ingestion_source_circuit_open', help: '1 while a source is left alone because it fails again and again.', labels: ['stream'], value: 'open' }

export const circuitOpened = defineSignal('source_circuit_opened', { level: 'warn', text: 'The source of {stream} has failed {failures} times, one after the other; it is left alone for {waitMs} ms at a time, until it answers.', gauge: circuitGauge })

export const circuitClosed = defineSignal('source_circuit_closed', { level: 'info', text: 'The source of {stream} answers again, after {failures} failures.', gauge: circuitGauge })

export const workStuck = defineSignal('work_stuck', {
  level: 'error',
  text: 'Ingesting {stream} cannot go on until somebody has acted; it is tried again in {waitMs} ms.',
  counter: { name: 'millrace_ingestion_stuck_total', help: 'Failures that trying again does not mend.', labels: ['stream', 'code'] },
})

const lostGauge = { name: 'millrace_ingestion_topic_lost', help: '1 from when a topic is found to have lost what was published to it until that is restored; the stream is held meanwhile.', labels: ['stream'], value: 'lost' }

export const topicLost = defineSignal('topic_lost', { level: 'error', text: 'The topic of {stream} has lost events that were published to it. The stream is held until somebody asks for a restore: POST /v1/streams/{stream}/restore.', gauge: lostGauge })

export const topicFound = defineSignal('topic_found', { level: 'info', text: 'The topic of {stream} is the one that was published to, after all.', gauge: lostGauge })

export const topicRestored = defineSignal('topic_restored', {
  level: 'warn',
  gauge: lostGauge,
  text: 'Restore {run} has put {events} events of {stream} back on {topic}, from {pages} pages; {missing} events are not kept any more.',
  counter: { name: 'millrace_ingestion_restored_events_total', help: 'Events put on a topic again that was made anew.', labels: ['stream'], value: 'events' },
})

export const streamPaused = defineSignal('stream_paused', { level: 'info', text: '{stream} is {state}.' })

export const runsRemoved = defineSignal('runs_removed', {
  level: 'info',
  text: 'Removed the records of {removed} runs that have ended; {kept} are kept.',
  counter: { name: 'millrace_ingestion_runs_removed_total', help: 'Records of runs removed by maintenance.', value: 'removed' },
})

export const lettersRedriven = defineSignal('letters_redriven', { level: 'info', text: 'Redrive {run} of {stream} is done.' })

export const runEntered = defineSignal('run_entered', { level: 'info', text: 'Run {run} of {stream} is entered, a {kind}.' })
