import { levels } from '@millrace/observability'
import { defineSettings } from './settings/define-settings.ts'
import { SettingsError, readSettings } from './settings/read-settings.ts'
import type { Environment } from './settings/environment.ts'
import type { SettingsOf } from './settings/setting.ts'

/** What every worker reads. */
export const serviceSettings = defineSettings({
  host: { env: 'MILLRACE_HTTP_HOST', kind: 'text', default: '127.0.0.1', about: 'The address the workers listen on.' },
  keysFile: { env: 'MILLRACE_KEYS_FILE', kind: 'path', default: '.millrace/keys/verify.json', about: 'The hashes of the accepted keys; made at first start.' },
  read: { env: 'MILLRACE_READ', kind: 'choice', choices: ['open', 'everybody', 'key'], default: 'open', about: 'Whether reading needs a key. `open`: none, and refused unless the workers listen on loopback. `everybody`: none for whoever can reach the port, as in a container whose port is published on loopback alone. `key`: one with the scope query:read.' },
  trustedProxies: { env: 'MILLRACE_TRUSTED_PROXIES', kind: 'list', default: [], about: 'Addresses of proxies whose X-Forwarded-For counts.' },
  logLevel: { env: 'MILLRACE_LOG_LEVEL', kind: 'choice', choices: levels, default: 'info', about: 'The least level that is logged.' },
}, { title: 'Workers' })

/** Where each worker listens. Below 32768, so that no outgoing connection of this machine ever holds one of them. */
export const workerPorts = defineSettings({
  queryApi: { env: 'MILLRACE_QUERY_API_PORT', kind: 'int', min: 0, max: 65_535, default: 13_000, about: 'The port of query-api.' },
  ingestion: { env: 'MILLRACE_INGESTION_PORT', kind: 'int', min: 0, max: 65_535, default: 13_001, about: 'The port of ingestion.' },
  sparkBridge: { env: 'MILLRACE_SPARK_BRIDGE_PORT', kind: 'int', min: 0, max: 65_535, default: 13_002, about: 'The port of spark-bridge.' },
  materializer: { env: 'MILLRACE_MATERIALIZER_PORT', kind: 'int', min: 0, max: 65_535, default: 13_003, about: 'The port of materializer.' },
  sourceSimulator: { env: 'MILLRACE_SOURCE_SIMULATOR_PORT', kind: 'int', min: 0, max: 65_535, default: 13_009, about: 'The port of source-simulator.' },
}, { title: 'Ports' })

export type ServiceSettings = Omit<SettingsOf<typeof serviceSettings>, 'read'> & { readonly read: 'open' | 'key' }

/** Reads them, and refuses open reading on an address that others can reach, unless that is meant. */
export function readServiceSettings(env?: Environment): ServiceSettings {
  const settings = readSettings(serviceSettings, env)
  if (settings.read === 'open' && !isLoopback(settings.host)) {
    throw new SettingsError([`MILLRACE_READ is 'open' while MILLRACE_HTTP_HOST is '${settings.host}', which others can reach. Set MILLRACE_READ=key, or listen on 127.0.0.1. Where the address is reached by nobody but you, as in a container whose port is published on 127.0.0.1, MILLRACE_READ=everybody says so.`])
  }
  return { ...settings, read: settings.read === 'key' ? 'key' : 'open' }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
