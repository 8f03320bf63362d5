import { CassandraError, type CassandraSession } from '@millrace/cassandra'
import { ProvisionError, refused } from '../provision.errors.ts'
import type { Change, Target } from './change.ts'
import { logIn, logInAsSuperuser, type CassandraAccess } from './cassandra-logins.ts'
import { cassandraSteps, type CassandraStep, type CassandraWish } from './cassandra-steps.ts'
import { readCassandra } from './read-cassandra.ts'

/** Roles, keyspace and tables of Cassandra. Tables that are not declared are left alone. */
export class CassandraTarget implements Target {
  readonly name = 'Cassandra'

  constructor(private readonly access: CassandraAccess, private readonly wish: CassandraWish) {}

  async plan(): Promise<readonly Change[]> {
    return await this.#asSuperuser(async (superuser) => (await this.#steps(superuser)).map(({ change }) => change))
  }

  async apply(): Promise<readonly Change[]> {
    return await this.#asSuperuser(async (superuser) => {
      const steps = await this.#steps(superuser)
      const refusals = steps.filter(({ change }) => change.action === 'refuse')
      if (refusals.length > 0) throw refused(refusals.map(({ change }) => `${change.what}: ${change.detail}`))
      await this.#run(steps, superuser.session)
      return steps.map(({ change }) => change)
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async #steps(superuser: Superuser): Promise<CassandraStep[]> {
    return cassandraSteps(await readCassandra(superuser, this.access), this.wish)
  }

  /** The default superuser makes ours, ours makes the roles, the migrator makes the tables. */
  async #run(steps: readonly CassandraStep[], superuser: CassandraSession): Promise<void> {
    const by = (as: CassandraStep['as']) => steps.filter((step) => step.as === as)
    await define(superuser, by('default'))
    await this.#runAs('admin', by('admin'))
    await this.#runAs('migrator', by('migrator'))
  }

  async #runAs(role: 'admin' | 'migrator', steps: readonly CassandraStep[]): Promise<void> {
    if (steps.length === 0) return
    const session = await logIn(this.access[role], { usesKeyspace: role === 'migrator' })
    if (!session) throw new ProvisionError('provision_login_pending', `Cassandra refuses ${this.access[role].user}, which has just been made.`)
    try {
      await define(session, steps)
    } finally {
      await session.close()
    }
  }

  async #asSuperuser<T>(work: (superuser: Superuser) => Promise<T>): Promise<T> {
    const superuser = await logInAsSuperuser(this.access)
    try {
      return await work(superuser)
    } finally {
      await superuser.session.close()
    }
  }
}

type Superuser = Awaited<ReturnType<typeof logInAsSuperuser>>

async function define(session: CassandraSession, steps: readonly CassandraStep[]): Promise<void> {
  for (const { change, cql } of steps)
    for (const statement of cql) {
      try {
        await session.define(statement)
      } catch (error) {
        if (!(error instanceof CassandraError)) throw error
        throw new CassandraError(error.code, `${change.action} ${change.what}: ${error.message}`, { cause: error })
      }
    }
}
