import { defineSettings, isLoopback, readServiceSettings, readSettings, type Environment, type ServiceOptions } from '@millrace/service'

/** What only this worker reads. */
export const queryApiSettings = defineSettings({
  port: { env: 'MILLRACE_QUERY_API_PORT', kind: 'int', min: 0, max: 65_535, default: 13_000, about: 'The port of the query API.' },
  rate: { env: 'MILLRACE_QUERY_RATE', kind: 'int', min: 1, optional: true, about: 'Queries a second that one key may send, or one address while reading is open. Not set: 50, and 1000 where only this machine can reach the API.' },
  ledgerEvery: { env: 'MILLRACE_LEDGER_EVERY', kind: 'span', default: '1 minute', about: 'How often the ledger of every stream is looked at, whether somebody asks or not.' },
  ledgerAlarm: { env: 'MILLRACE_LEDGER_ALARM', kind: 'span', default: '10 minutes', about: 'A closed bucket of the ledger that does not balance for longer is an alarm.' },
  liveEvery: { env: 'MILLRACE_LIVE_EVERY', kind: 'span', default: '250 milliseconds', about: 'How often a live feed looks for rows that have changed, while somebody follows it.' },
  liveReaders: { env: 'MILLRACE_LIVE_READERS', kind: 'int', min: 1, max: 10_000, default: 100, about: 'Connections that may follow live feeds at once; one key, or one address while reading is open, may have half of them.' },
  pageTokenKey: { env: 'MILLRACE_PAGE_TOKEN_KEY_FILE', kind: 'secretFile', default: '.millrace/secrets/page-token-key', about: 'File with the key that signs page tokens; made at first start.', secret: true },
}, { title: 'Query API' })

export const queryApiService: ServiceOptions = { name: 'query-api', port: { env: queryApiSettings.port.env, default: queryApiSettings.port.default } }

export interface QueryApiSettings {
  readonly ratePerSecond: number
  readonly pageTokenKey: Buffer
}

export function readQueryApiSettings(env?: Environment): QueryApiSettings {
  const { rate, pageTokenKey } = readSettings(queryApiSettings, env)
  const { host } = readServiceSettings(env)
  return { ratePerSecond: rate ?? (isLoopback(host) ? 1_000 : 50), pageTokenKey: Buffer.from(pageTokenKey) }
}

/** Without the key of page tokens, which only they need. */
export const readLedgerSettings = (env?: Environment): { readonly ledgerEvery: number; readonly ledgerAlarm: number } =>
  readSettings({ ledgerEvery: queryApiSettings.ledgerEvery, ledgerAlarm: queryApiSettings.ledgerAlarm }, env)

export const readLiveSettings = (env?: Environment): { readonly liveEvery: number; readonly liveReaders: number } =>
  readSettings({ liveEvery: queryApiSettings.liveEvery, liveReaders: queryApiSettings.liveReaders }, env)
