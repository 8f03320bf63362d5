import { MillraceError, type ErrorCatalogue } from '@millrace/stream-kit'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const observabilityErrorCodes = {
  metric_name_refused: {
    retry: 'never', means: 'A metric has a name that is none.',
    remedy: 'Name it millrace_<what>_<unit>, in lower case.',
  },
  metric_declared_twice: {
    retry: 'never', means: 'Two metrics of one name differ in kind, help, labels or buckets.',
    remedy: 'Rename one.',
  },
  signal_declared_twice: {
    retry: 'never', means: 'Two signals have one name.',
    remedy: 'Rename one.',
  },
} as const satisfies ErrorCatalogue

/** A signal or a metric that is declared wrongly. Thrown while the declaring file is loaded. */
export class ObservabilityError extends MillraceError {
  constructor(code: keyof typeof observabilityErrorCodes, found: string, cure: string) {
    super(code, `${found} ${cure}`)
  }
}
