import { MillraceError, type ErrorCatalogue } from '@millrace/stream-kit'

/** Every error that a declaration can cause when it is translated. docs/errors.md is generated from it. */
export const planErrorCodes = {
  plan_field_unknown: {
    retry: 'never', means: 'A condition reads a field that the event lacks.',
    remedy: 'Make the declaration with defineStream, which refuses that.',
  },
  plan_number_refused: {
    retry: 'never', means: 'A measure calculates with a whole number beyond ±(2^53 − 1).',
    remedy: 'Use a smaller one, or a real field.',
  },
} as const satisfies ErrorCatalogue

/** A declaration that has no plan. */
export class PlanError extends MillraceError {
  declare readonly code: keyof typeof planErrorCodes

  constructor(code: keyof typeof planErrorCodes, message: string) {
    super(code, message, { retry: planErrorCodes[code].retry })
  }
}
