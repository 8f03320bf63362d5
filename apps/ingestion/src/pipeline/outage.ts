import { backOff, hasPassed, type BackOff, type Clock } from '@millrace/service'
import type { MillraceError } from '@millrace/stream-kit'

/** What fails, and how far the stream was: with any progress the outage begins anew. */
export interface Failing {
  readonly what: string
  readonly seq: number
}

/** How long something has failed without any progress, and how long to wait before it is tried again. */
export class Outage {
  /** A source is somebody else's: it is asked less and less often. */
  readonly #sourceWaits: BackOff
  readonly #ownWaits: BackOff
  readonly #clock: Clock
  #failing: (Failing & { readonly since: number }) | null = null
  #waits: { readonly since: number; readonly ms: number } | null = null

  constructor({ clock, random }: { clock: Clock; random: () => number }) {
    this.#clock = clock
    this.#sourceWaits = backOff({ baseMs: 250, capMs: 30_000, random })
    this.#ownWaits = backOff({ baseMs: 250, capMs: 3_000, random })
  }

  get isWaiting(): boolean {
    return this.#waits !== null && !hasPassed(this.#waits.ms, { since: this.#waits.since, now: this.#clock.now() })
  }

  /** It has failed; answers for how long it has. */
  failed({ what, seq }: Failing): number {
    const now = this.#clock.now()
    if (this.#failing?.what !== what || this.#failing.seq !== seq || now < this.#failing.since) this.#failing = { what, seq, since: now }
    return now - this.#failing.since
  }

  /** How long to wait after this failure: as long as it asks for, or longer each time. */
  wait({ code, retry, fields }: MillraceError): number {
    const asked = fields['retryAfterMs']
    const waits = retry === 'never' || code.startsWith('source_') ? this.#sourceWaits : this.#ownWaits
    return this.waitFor(typeof asked === 'number' ? asked : Math.max(50, waits.next()))
  }

  waitFor(ms: number): number {
    this.#waits = { since: this.#clock.now(), ms }
    return ms
  }

  /** It works again; answers for how long it did not, or null. */
  end(): number | null {
    const lasted = this.#failing && this.#clock.now() - this.#failing.since
    this.#failing = null
    this.#waits = null
    this.#sourceWaits.reset()
    this.#ownWaits.reset()
    return lasted
  }
}
