import { defineSignal } from '@millrace/observability'

export const sessionOpened = defineSignal('cassandra_opened', { level: 'info', text: 'Connected to Cassandra at {contactPoints} as {user}.' })

export const sessionAwaited = defineSignal('cassandra_awaited', {
  level: 'warn',
  text: 'Cassandra at {contactPoints} cannot be used yet; trying again in {waitMs} ms.',
  counter: { name: 'millrace_cassandra_connects_failed_total', help: 'Attempts to connect to Cassandra that failed.' },
})

export const sessionNotClosed = defineSignal('cassandra_not_closed', { level: 'debug', text: 'Closing a lost connection to Cassandra failed.' })
