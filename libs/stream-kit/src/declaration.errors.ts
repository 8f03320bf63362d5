import type { ErrorCatalogue } from './error-catalogue.ts'
import { MillraceError } from './millrace-error.ts'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const declarationErrorCodes = {
  declaration_refused: {
    retry: 'never', means: 'A declaration of a stream, a view or a span makes no sense.',
    remedy: 'Change the declaration as the message says; it names the stream and the place.',
  },
} as const satisfies ErrorCatalogue

/** A declaration that cannot run. Thrown while the declaring file is loaded, so a wrong stream never starts. */
export class DeclarationError extends MillraceError {
  constructor(where: string, problem: string, cure: string) {
    super('declaration_refused', `${where}: ${problem} ${cure}`, { retry: declarationErrorCodes.declaration_refused.retry, fields: { where } })
  }
}
