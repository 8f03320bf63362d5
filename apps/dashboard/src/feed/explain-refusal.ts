import { readProblem, unreachable, type Problem } from '../api/problem.ts'

/** Asks for a feed as EventSource has, only to read why it is refused; null if it is not refused now. */
export async function explainRefusal(url: URL, { fetch }: { readonly fetch: typeof globalThis.fetch }): Promise<Problem | null> {
  const asked = new AbortController()
  try {
    const answer = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: asked.signal })
    if (answer.ok) return null
    return readProblem(await answer.json().catch(() => null), { status: answer.status, retryAfter: answer.headers.get('retry-after') })
  } catch {
    return unreachable
  } finally {
    asked.abort()
  }
}
