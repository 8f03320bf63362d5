import type { MappingStep, RunRedrive } from '@millrace/cassandra'
import { readDeadLetterId, type StreamDeclaration } from '@millrace/stream-kit'
import { instantOf } from '../runs/instant.decorators.ts'

/** As `RedriveDto` has checked it. */
export interface RedriveBody {
  readonly dryRun?: boolean
  readonly ids?: readonly string[]
  readonly reasons?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly mapping?: readonly unknown[]
  readonly retryExhausted?: boolean
  readonly reason?: string
}

const dayMs = 86_400_000

/** What is asked for, complete: a letter that comes after the request is never meant, so a redrive has an end. */
export function redriveAsked({ retentionMs }: Pick<StreamDeclaration, 'retentionMs'>, { dryRun = false, ids, reasons, from, to, mapping = [], retryExhausted = false }: RedriveBody, now: number): RunRedrive {
  return {
    isDryRun: dryRun,
    letters: ids ? [...new Set(ids)].flatMap((id) => readDeadLetterId(id) ?? []) : null,
    reasons: reasons ?? null,
    // Letters live for the retention and a week.
    range: { from: instantOf(from) ?? now - retentionMs - 8 * dayMs, to: Math.min(instantOf(to) ?? now, now) },
    mapping: mapping as readonly MappingStep[],
    retriesExhausted: retryExhausted,
  }
}
