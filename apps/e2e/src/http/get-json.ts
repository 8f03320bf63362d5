/** An answer that is not the one that was asked for, with its body. */
export class UnexpectedAnswer extends Error {
  readonly status: number

  constructor(request: string, status: number, body: string) {
    super(`${request} answered ${status}: ${body.slice(0, 2_000)}`)
    this.name = 'UnexpectedAnswer'
    this.status = status
  }
}

const patienceMs = 30_000

/** A kept connection may be closed by the other side just when it is used again, which says nothing about the question. */
const isStale = (error: unknown): boolean => (error as { cause?: { code?: string } }).cause?.code === 'UND_ERR_SOCKET'

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const request = (): Promise<Response> => fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) })
  try {
    return await request()
  } catch (error) {
    if (!isStale(error)) throw error
    return await request()
  }
}

/** GETs JSON. Throws UnexpectedAnswer for a status other than 200. */
export const getJson = async <T>(url: string, headers: Readonly<Record<string, string>> = {}): Promise<T> =>
  answerOf<T>(`GET ${url}`, await ask(url, headers))

/** POSTs JSON and answers the JSON. Throws UnexpectedAnswer for a status other than 2xx. */
export async function postJson<T>(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  })
  return answerOf<T>(`POST ${url}`, response)
}

async function answerOf<T>(request: string, response: Response): Promise<T> {
  const text = await response.text()
  if (!response.ok) throw new UnexpectedAnswer(request, response.status, text)
  return JSON.parse(text) as T
}
