import { ProblemException, type Clock } from '@millrace/service'
import { MillraceError, type Catalogue } from '@millrace/stream-kit'
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type { LedgerQueries } from './ledger-queries.ts'
import { ledgerNotSeen } from './query-api.signals.ts'

export interface LedgerRoundsOptions {
  readonly catalogue: Catalogue
  readonly ledgers: Pick<LedgerQueries, 'answer'>
  readonly everyMs: number
  readonly clock: Clock
}

/** Looks at the ledger of every stream now and then, so that an alarm does not wait until somebody asks. */
@Injectable()
export class LedgerRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(private readonly options: LedgerRoundsOptions) {}

  onApplicationBootstrap(): void {
    this.#running = this.#rounds()
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** One look at every stream, one after the other. What cannot be seen now is looked at the next time. */
  async round(): Promise<void> {
    const { catalogue, ledgers } = this.options
    for (const { name, version } of catalogue.streams) {
      if (this.#stop.signal.aborted) return
      try {
        for (let cursor: string | null = ''; cursor !== null;) {
          const parameters: Record<string, string> = { version: String(version), ...(cursor !== '' && { cursor }) }
          cursor = (await ledgers.answer({ stream: name, parameters, caller: 'ledger rounds' })).page.next
        }
      } catch (error) {
        if (!(error instanceof MillraceError || error instanceof ProblemException)) throw error
        ledgerNotSeen({ stream: `${name}.v${version}`, code: error instanceof MillraceError ? error.code : error.problem.code, error })
      }
    }
  }

  async #rounds(): Promise<void> {
    const { clock, everyMs } = this.options
    const { signal } = this.#stop
    const isClosing = () => signal.aborted
    while (!isClosing()) {
      try {
        await clock.sleep(everyMs, signal)
      } catch (error) {
        if (isClosing()) return
        throw error
      }
      await this.round()
    }
  }
}
