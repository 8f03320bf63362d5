import { hasPassed, systemClock, type Clock } from '@millrace/service'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { circuitClosed, circuitOpened } from '../ingestion.signals.ts'
import type { Place } from '../rules/position.ts'
import { SourceReader, type SourcePage } from './source-reader.ts'

/** After so many failures, one after the other, a source is left alone. */
const mostFailures = 5
const openMs = 15_000

interface Circuit {
  readonly failures: number
  /** For so long nobody asks; then the next request is the probe. */
  readonly open: { readonly since: number; readonly ms: number } | null
}

const closed: Circuit = { failures: 0, open: null }

/**
 * Leaves a source alone that fails again and again, whoever wants it read: a run that is triggered, or a poll that is due,
 * would not wait as the one before does. After fifteen seconds, or as long as the source has asked for, one request goes
 * through; its answer closes the circuit, its failure leaves it open. What waiting does not mend neither opens nor closes it.
 */
export class SourceCircuit extends SourceReader {
  readonly #reader: SourceReader
  readonly #clock: Clock
  readonly #circuits = new Map<string, Circuit>()

  constructor(reader: SourceReader, clock: Clock = systemClock) {
    super()
    this.#reader = reader
    this.#clock = clock
  }

  override async read(stream: StreamDeclaration, place: Place, signal: AbortSignal): Promise<SourcePage> {
    const { failures, open } = this.#circuits.get(stream.name) ?? closed
    const now = this.#clock.now()
    const waitMs = open === null || hasPassed(open.ms, { since: open.since, now }) ? 0 : open.since + open.ms - now
    if (waitMs > 0) throw new IngestionError('source_circuit_open', `The source of ${stream.name} has failed ${failures} times, one after the other; it is asked again in ${waitMs} ms.`, { fields: { stream: stream.name, retryAfterMs: waitMs } })
    try {
      const page = await this.#reader.read(stream, place, signal)
      this.#works(stream.name)
      return page
    } catch (error) {
      if (error instanceof IngestionError && error.retry === 'later' && error.code.startsWith('source_')) this.#failed(stream.name, error)
      throw error
    }
  }

  #works(stream: string): void {
    const { failures } = this.#circuits.get(stream) ?? closed
    if (failures >= mostFailures) circuitClosed({ stream, failures, open: 0 })
    this.#circuits.delete(stream)
  }

  #failed(stream: string, error: IngestionError): void {
    const failures = (this.#circuits.get(stream) ?? closed).failures + 1
    const asked = error.fields['retryAfterMs']
    const waitMs = Math.max(openMs, typeof asked === 'number' ? asked : 0)
    this.#circuits.set(stream, { failures, open: failures < mostFailures ? null : { since: this.#clock.now(), ms: waitMs } })
    if (failures === mostFailures) circuitOpened({ stream, failures, waitMs, open: 1, error })
  }
}
