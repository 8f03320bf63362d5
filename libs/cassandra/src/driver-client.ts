import cassandra, { type Client, type policies } from 'cassandra-driver'
import type { CassandraSettings } from './cassandra.config.ts'
import { sessionNotClosed } from './cassandra.signals.ts'

export interface DriverOptions {
  readonly requestTimeoutMs?: number
  readonly usesKeyspace?: boolean
}

const { policies: policy, types } = cassandra

/** The driver repeats a timed-out read by itself; a lightweight transaction that timed out must reach the caller instead. */
class RepeatWhatIsSafe extends policy.retry.RetryPolicy {
  override onReadTimeout(...[info, ...rest]: Parameters<policies.retry.RetryPolicy['onReadTimeout']>): policies.retry.DecisionInfo {
    return info.executionOptions.isIdempotent() ? super.onReadTimeout(info, ...rest) : this.rethrowResult()
  }
}

/** The one place that makes a client of the driver. Everything is said here; none of its defaults is relied on. */
export function driverClient({ contactPoints, datacenter, keyspace, user, password }: CassandraSettings, { requestTimeoutMs = 10_000, usesKeyspace = true }: DriverOptions = {}): Client {
  const client = new cassandra.Client({
    contactPoints: [...contactPoints],
    localDataCenter: datacenter,
    ...(usesKeyspace ? { keyspace } : {}),
    authProvider: new cassandra.auth.PlainTextAuthProvider(user, password),
    queryOptions: {
      prepare: true,
      isIdempotent: true,
      consistency: types.consistencies.localQuorum,
      serialConsistency: types.consistencies.localSerial,
      fetchSize: 2_000,
    },
    socketOptions: { connectTimeout: 3_000, readTimeout: requestTimeoutMs, defunctReadTimeoutThreshold: 4, keepAlive: true, keepAliveDelay: 10_000 },
    // The driver's own heartbeat goes on for ever on a connection that was cut in its first moment; TCP's does the same.
    pooling: { heartBeatInterval: 0 },
    policies: {
      retry: new RepeatWhatIsSafe(),
      reconnection: new policy.reconnection.ExponentialReconnectionPolicy(100, 2_000, false),
      // The time of a write is Cassandra's, so a clock of ours that is wrong hides no later write.
      timestampGeneration: null as unknown as policies.timestampGeneration.TimestampGenerator,
    },
    monitorReporting: { enabled: false },
  })
  endReplacedHosts(client)
  return client
}

interface Host {
  shutdown(waitForPending: boolean): Promise<void>
}

/** What the driver does not show and does not end by itself. */
interface Inner {
  readonly controlConnection: {
    readonly connection: { close(): Promise<unknown> } | null
    readonly hosts: { values(): readonly Host[]; on(event: 'remove', listener: (host: Host) => void): void }
    shutdown(): void
  }
}

const inner = (client: Client) => (client as unknown as Inner).controlConnection

/** When the driver finds a host again after an outage it puts a new one in its place, and the pool of the old one would go on connecting. */
function endReplacedHosts(client: Client): void {
  inner(client).hosts.on('remove', (host) => {
    host.shutdown(false).catch((error: unknown) => { sessionNotClosed({ error }) })
  })
}

/**
 * Ends a client, whether it has connected or not. After a failed attempt `shutdown` of the driver returns at once and
 * leaves its control connection and pools alive, which would try to connect for ever; so they are ended here.
 */
export async function closeDriver(client: Client): Promise<void> {
  const control = inner(client)
  await client.shutdown()
  control.shutdown()
  await control.connection?.close()
  await Promise.all(control.hosts.values().map((host) => host.shutdown(false)))
}
