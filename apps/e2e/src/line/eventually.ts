import { waitUntil, type WaitOptions } from '@millrace/service'
import { UnexpectedAnswer } from '../http/get-json.ts'

/** Answers that asking again does not change: what is asked for is wrong. */
const isFinal = (error: unknown): boolean => error instanceof UnexpectedAnswer && [400, 401, 403, 422].includes(error.status)

/** Asks until the answer is truthy. While a process is away the question fails, which counts as "not yet"; a wrong question fails at once. */
export async function eventually<T>(ask: () => Promise<T | false>, options: Required<Pick<WaitOptions, 'deadlineMs' | 'everyMs' | 'what'>>): Promise<T> {
  const outcome = await waitUntil(async () => {
    try {
      const answer = await ask()
      return answer !== false && { answer }
    } catch (error) {
      if (isFinal(error)) return { error }
      throw error
    }
  }, options)
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}
