import { MillraceError } from '@millrace/stream-kit'

/** Every code this library throws, and what to do about it. */
export const observabilityErrorCodes = {
  metric_name_refused: 'A metric is named millrace_<what>_<unit>, in lower case.',
  metric_declared_twice: 'Two metrics of one name differ in kind, help, labels or buckets; rename one.',
  signal_declared_twice: 'Two signals of one name; rename one.',
} as const

/** A signal or a metric that is declared wrongly. Thrown while the declaring file is loaded. */
export class ObservabilityError extends MillraceError {
  constructor(code: keyof typeof observabilityErrorCodes, found: string, cure: string) {
    super(code, `${found} ${cure}`)
  }
}
