import { defineSignal } from '@millrace/observability'

export const ledgerJudged = defineSignal('ledger_judged', {
  level: 'debug',
  text: 'Of the ledger of {stream}, {buckets} buckets are {state}.',
  gauge: { name: 'millrace_ledger_buckets', help: 'Buckets of the ledger by state, as the last answer showed them.', labels: ['stream', 'state'], value: 'buckets' },
})

export const ledgerUnbalanced = defineSignal('ledger_unbalanced', {
  level: 'warn',
  text: 'The ledger of {stream} does not balance in {count} closed buckets that it was not said of before; the first is {bucket}.',
  counter: { name: 'millrace_ledger_unbalanced_total', help: 'Closed buckets that were found not to balance, each once and again when its numbers change.', labels: ['stream'], value: 'count' },
})
