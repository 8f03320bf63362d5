import { defineSignal } from '@millrace/observability'

export const batchStored = defineSignal('batch_stored', {
  level: 'debug',
  text: 'Stored {records} records of {topic}/{partition} as {rows} rows in {seconds} s.',
  counter: { name: 'millrace_rows_written_total', help: 'Rows written to the tables of views, each table counted.', labels: ['stream'], value: 'rows' },
  histogram: { name: 'millrace_batch_seconds', help: 'From a batch in hand to all its rows acknowledged.', labels: ['stream'], value: 'seconds', buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] },
  gauge: { name: 'millrace_materializer_lag_records', help: 'Records of the partition that are not stored yet.', labels: ['topic', 'partition'], value: 'lag' },
})

export const lettersStored = defineSignal('letters_stored', {
  level: 'info',
  text: 'Kept {letters} letters of {topic}.',
  counter: { name: 'millrace_letters_written_total', help: 'Late events and dead letters kept.', labels: ['stream', 'kind'], value: 'letters' },
})

export const lettersRemoved = defineSignal('letters_removed', {
  level: 'info',
  text: 'Removed {removed} {kind} letters that were older than they are kept; {kept} are kept.',
  counter: { name: 'millrace_letters_removed_total', help: 'Late events and dead letters removed by maintenance.', labels: ['kind'], value: 'removed' },
})

export const windowsRefused = defineSignal('windows_refused', {
  level: 'error',
  text: '{count} records of {topic}/{partition} fit no view and are kept as dead letters; the first: {detail}',
  counter: { name: 'millrace_windows_refused_total', help: 'Records of a windows topic that could not become rows.', labels: ['stream'], value: 'count' },
})

export const windowsRedeemed = defineSignal('windows_redeemed', { level: 'info', text: 'Stored {count} windows of {stream} that an older declaration had refused.' })

export const redeemFailed = defineSignal('redeem_failed', { level: 'warn', text: 'The refused windows of {stream} could not be looked through; they are kept.' })

export const storeAwaited = defineSignal('store_awaited', {
  level: 'warn',
  text: 'A batch of {topic}/{partition} could not be stored; trying again in {waitMs} ms. Nothing is lost.',
  counter: { name: 'millrace_store_retries_total', help: 'Batches tried again because Cassandra was away.', labels: ['topic'] },
})

export const progressStored = defineSignal('progress_stored', {
  level: 'debug',
  text: 'Generation {generation} of {stream} has passed the marker of {finalUntil} in partition {partition}.',
  gauge: { name: 'millrace_final_until_seconds', help: 'All windows that end by then are stored for good in this partition, seconds since 1970.', labels: ['stream', 'generation', 'partition'], value: 'seconds' },
})
