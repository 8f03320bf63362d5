import type { ErrorContext } from '@millrace/stream-kit'
import { IngestionError, type IngestionErrorCode } from '../ingestion.errors.ts'

/** More of an answer that is no page is not kept: it is asked for again, so nothing of it is lost. */
export const keptAnswerBytes = 16_384

/** An answer that has come whole and is no page. Carries its first bytes, to be kept; they are in no field, so in no log. */
export class UnreadableAnswer extends IngestionError {
  readonly answer: Buffer
  /** How many bytes there were. */
  readonly size: number

  constructor(code: IngestionErrorCode, message: string, answer: Buffer, context: ErrorContext & { readonly size?: number } = {}) {
    const { size = answer.length, ...rest } = context
    super(code, message, rest)
    this.answer = Buffer.from(answer.subarray(0, keptAnswerBytes))
    this.size = size
  }
}
