import { MillraceError } from './millrace-error.ts'

/** A declaration that cannot run. Thrown while the declaring file is loaded, so a wrong stream never starts. */
export class DeclarationError extends MillraceError {
  constructor(where: string, problem: string, cure: string) {
    super('declaration_refused', `${where}: ${problem} ${cure}`, { fields: { where } })
  }
}
