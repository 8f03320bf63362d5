import type { ClaimedRequest, RequestKeys } from '@millrace/service'
import { CassandraError } from './cassandra.errors.ts'
import type { CassandraSession } from './cassandra-session.ts'
import { decideRepeatably } from './repeatable-decision.ts'
import { numberOf, textOf } from './row.ts'

const insert = 'INSERT INTO request_keys (purpose, caller, key, fingerprint, id, created_at) VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS'
const select = 'SELECT fingerprint, id, created_at FROM request_keys WHERE purpose = ? AND caller = ? AND key = ?'

/** What idempotency keys stand for, for a week: the first who claims a key has it. Each purpose has keys of its own. */
export class CassandraRequestKeys implements RequestKeys {
  constructor(private readonly session: CassandraSession, private readonly purpose: string) {}

  async find(caller: string, key: string): Promise<ClaimedRequest | null> {
    const [row] = await this.session.execute(select, [this.purpose, caller, key], { isSerial: true, action: 'looking up an idempotency key' })
    return row ? { caller, key, fingerprint: textOf(row, 'fingerprint'), id: textOf(row, 'id'), createdAt: numberOf(row, 'created_at') } : null
  }

  async claim({ caller, key, fingerprint, id, createdAt }: ClaimedRequest): Promise<ClaimedRequest> {
    await decideRepeatably(this.session, { cql: insert, params: [this.purpose, caller, key, fingerprint, id, createdAt] }, 'entering an idempotency key')
    const holds = await this.find(caller, key)
    if (!holds) throw new CassandraError('cassandra_timeout', 'entering an idempotency key: it is not there. Send the request again.')
    return holds
  }
}
