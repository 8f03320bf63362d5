import { problemOf } from './problem-of.ts'
import { patienceMs, within } from './within.ts'

/** An answer in time, its refusals as problems: what every route of this app returns. */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await within(patienceMs, answer)
  } catch (error) {
    throw problemOf(error)
  }
}
