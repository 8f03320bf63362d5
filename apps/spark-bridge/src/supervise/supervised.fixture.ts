import { planHash, windowPlan } from '@millrace/spark-connect'
import { defineCatalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { trades } from '@millrace/streams'
import { queryViews, type QueryView } from '../query-view.ts'
import { Twins } from '../twins.fixture.ts'
import { Supervisor } from './supervisor.ts'

export const tradesHash = planHash(windowPlan(trades))
/** The name of the first query of trades. */
export const tradesQuery = `trades.v1.g1@${tradesHash}`

/** A supervisor among twins, whose rounds are ten seconds apart. */
export class Supervised {
  readonly twins = new Twins()
  supervisor: Supervisor

  constructor(...streams: StreamDeclaration[]) {
    this.supervisor = this.bridge(...streams)
  }

  /** Another bridge over the same world. */
  bridge(...streams: StreamDeclaration[]): Supervisor {
    this.supervisor = new Supervisor(defineCatalogue(streams), this.twins.surroundings, { pollMs: 1_000, clock: { now: () => this.twins.now, sleep: () => Promise.reject(new Error('Nobody sleeps here.')) } })
    return this.supervisor
  }

  async rounds(count = 1): Promise<void> {
    for (let round = 0; round < count; round += 1) {
      this.twins.now += 10_000
      await this.supervisor.round()
    }
  }

  views(): QueryView[] {
    return this.supervisor.streams.flatMap((stream) => queryViews(stream, this.supervisor.serverFailure))
  }

  states(): Record<string, string> {
    return Object.fromEntries(this.views().map(({ name, state }) => [name, state]))
  }

  /** `2 building`, newest first. */
  generations(): string[] {
    return (this.twins.generations.get('trades.v1') ?? []).map(({ generation, state }) => `${generation} ${state}`)
  }
}
