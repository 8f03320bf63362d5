import { answeredTooLate, readProblem, unreachable, type Problem } from './problem.ts'

/** An answer, or why there is none. */
export type Reading<T> = { readonly value: T; /** query-api's clock when it answered, epoch milliseconds. */ readonly serverNow: number } | { readonly problem: Problem }

export type Read = <T>(path: string, signal?: AbortSignal) => Promise<Reading<T>>

interface ReadJsonOptions {
  readonly fetch: typeof fetch
  /** Of the document: the page may lie under a path of its own. */
  readonly baseUri: string
  readonly now: () => number
}

/** The header has whole seconds, so clocks that differ by less count as one. */
function serverTime(header: string | null, now: number): number {
  const date = Date.parse(header ?? '') + 500
  return Math.abs(date - now) > 1_500 ? date : now
}

/** query-api answers within 1.5 s or says that it cannot; what takes longer is lost on the way. */
const patienceMs = 8_000

/**
 * Makes what reads JSON of paths relative to the document: never throws but for an abort, and trusts the shape of what
 * query-api answers.
 */
export const readJson = ({ fetch, baseUri, now }: ReadJsonOptions): Read => async <T>(path: string, signal?: AbortSignal): Promise<Reading<T>> => {
  const patience = AbortSignal.timeout(patienceMs)
  try {
    const answer = await fetch(new URL(path, baseUri), { headers: { accept: 'application/json' }, signal: signal ? AbortSignal.any([signal, patience]) : patience })
    const body: unknown = await answer.json().catch(() => null)
    if (!answer.ok || body === null) return { problem: readProblem(body, { status: answer.status, retryAfter: answer.headers.get('retry-after') }) }
    return { value: body as T, serverNow: serverTime(answer.headers.get('date'), now()) }
  } catch (cause) {
    if (signal?.aborted) throw cause
    return { problem: patience.aborted ? answeredTooLate : unreachable }
  }
}
