import { defineSignal } from '@millrace/observability'

export const ledgerJudged = defineSignal('ledger_judged', {
  level: 'debug',
  text: 'Of the ledger of {stream}, {buckets} buckets are {state}.',
  gauge: { name: 'millrace_ledger_buckets', help: 'Buckets of the ledger by state, as the last answer showed them.', labels: ['stream', 'state'], value: 'buckets' },
})

export const ledgerUnbalancedFor = defineSignal('ledger_unbalanced_for', {
  level: 'debug',
  text: 'The closed bucket of {stream} that has not balanced longest has not for {seconds} s.',
  gauge: { name: 'millrace_ledger_unbalanced_seconds', help: 'For how long the closed bucket that does not balance has been seen so, the longest of the last answer; 0 when all balance.', labels: ['stream'], value: 'seconds' },
})

export const ledgerAlarm = defineSignal('ledger_alarm', {
  level: 'error',
  text: 'The ledger of {stream} has not balanced for {minutes} minutes in {count} closed buckets; the first is {bucket}. Events are lost or counted twice: recount that hour (POST /v1/recounts), and see docs/guides/operate.md.',
  counter: { name: 'millrace_ledger_alarms_total', help: 'Closed buckets that have not balanced for longer than MILLRACE_LEDGER_ALARM, each once.', labels: ['stream'], value: 'count' },
})

export const ledgerNotSeen = defineSignal('ledger_not_seen', {
  level: 'warn',
  text: 'The ledger of {stream} cannot be looked at just now ({code}); it is looked at again.',
  counter: { name: 'millrace_ledger_looks_failed_total', help: 'Looks at a ledger that found nothing out.', labels: ['stream', 'code'] },
})

export const ledgerUnbalanced = defineSignal('ledger_unbalanced', {
  level: 'warn',
  text: 'The ledger of {stream} does not balance in {count} closed buckets that it was not said of before; the first is {bucket}.',
  counter: { name: 'millrace_ledger_unbalanced_total', help: 'Closed buckets that were found not to balance, each once and again when its numbers change.', labels: ['stream'], value: 'count' },
})

export const liveReaders = defineSignal('live_readers', {
  level: 'debug',
  text: '{readers} connections follow the live feed.',
  gauge: { name: 'millrace_live_readers', help: 'Connections that follow the live feed.', labels: [], value: 'readers' },
})

export const liveRowsSent = defineSignal('live_rows_sent', {
  level: 'debug',
  text: '{rows} rows of {stream} are sent to those who follow it.',
  counter: { name: 'millrace_live_rows_total', help: 'Rows sent over the live feed, once for each connection.', labels: ['stream'], value: 'rows' },
})

export const liveLookFailed = defineSignal('live_look_failed', {
  level: 'warn',
  text: 'The live feed of {view} of {stream} cannot see its rows just now; it looks again, and its readers are told.',
  counter: { name: 'millrace_live_looks_failed_total', help: 'Times that a live feed began to see nothing.', labels: ['stream'] },
})
