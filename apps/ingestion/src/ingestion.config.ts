import { hostname } from 'node:os'
import { isLoopback, defineSettings, readServiceSettings, readSettings, type Environment, type SettingsOf } from '@millrace/service'
import { sourceUrlSetting } from '@millrace/stream-kit'

export const ingestionPort = { env: 'MILLRACE_INGESTION_PORT', default: 13001 } as const

export const ingestionSettings = defineSettings({
  instance: { env: 'MILLRACE_INGESTION_INSTANCE', kind: 'text', optional: true, about: 'The name of this instance: what its last process held, its next one takes at once. Two that run side by side need two names. Default: host name and port.' },
  port: { env: ingestionPort.env, kind: 'int', default: ingestionPort.default, min: 0, max: 65_535, about: 'The port of the ingestion worker.' },
  lease: { env: 'MILLRACE_INGESTION_LEASE', kind: 'span', default: '10 seconds', about: 'A stream whose holder has been silent for so long is taken over by another instance.' },
  outage: { env: 'MILLRACE_INGESTION_OUTAGE', kind: 'span', default: '5 minutes', about: 'How long a triggered run waits for a source, Kafka or Cassandra before it fails. Polls wait for ever.' },
  seenIds: { env: 'MILLRACE_INGESTION_SEEN_IDS', kind: 'int', default: 200_000, min: 10_000, about: 'How many event ids a stream keeps in memory; about 130 bytes each. The others are looked up in Cassandra.' },
  pagesKept: { env: 'MILLRACE_INGESTION_PAGES_KEPT', kind: 'span', default: '1 day', about: "How long the events of a stream can be put back on its topic when that is lost, at most for the stream's retention. It takes about as much of Cassandra's disk as they take of Kafka's. 0 seconds keeps none." },
  runsKept: { env: 'MILLRACE_INGESTION_RUNS_KEPT', kind: 'span', default: '7 days', about: 'How long the records of runs that have ended are kept at least; POST /v1/maintenance removes older ones. After 30 days they are forgotten in any case.' },
  runsPerMinute: { env: 'MILLRACE_INGESTION_RUNS_PER_MINUTE', kind: 'int', default: 10, min: 1, about: 'How many new runs a key may start in a minute.' },
}, { title: 'Ingestion' })

export const sourceSettings = defineSettings({
  hosts: { env: 'MILLRACE_SOURCE_HOSTS', kind: 'list', default: ['127.0.0.1:13009'], about: 'Hosts that sources may be read from: host, or host:port, separated by commas.' },
  allowLoopback: { env: 'MILLRACE_SOURCE_ALLOW_LOOPBACK', kind: 'bool', optional: true, about: 'Whether a source may be on this machine. Default: only while the workers listen on loopback.' },
  allowPrivate: { env: 'MILLRACE_SOURCE_ALLOW_PRIVATE', kind: 'bool', default: false, about: 'Whether a source may be at a private address, as in a network of containers.' },
}, { title: 'Sources' })

export type IngestionSettings = Omit<SettingsOf<typeof ingestionSettings>, 'instance' | 'port'> & { readonly instance: string }

export interface SourceSettings {
  readonly hosts: readonly string[]
  readonly allowLoopback: boolean
  readonly allowPrivate: boolean
}

export function readIngestionSettings(env?: Environment): IngestionSettings {
  const { instance, port, ...rest } = readSettings(ingestionSettings, env)
  return { ...rest, instance: instance ?? `${hostname()}:${port}` }
}

export function readSourceSettings(env?: Environment): SourceSettings {
  const { hosts, allowLoopback, allowPrivate } = readSettings(sourceSettings, env)
  return { hosts, allowPrivate, allowLoopback: allowLoopback ?? isLoopback(readServiceSettings(env).host) }
}

/** The address that replaces the one of the declaration, where there is one. */
export function readSourceUrl(stream: string, env?: Environment): string | undefined {
  return readSettings({ url: { env: sourceUrlSetting(stream), kind: 'url', optional: true, about: `The address of the source of ${stream}, instead of the declared one.` } }, env).url
}
