import { IngestionError } from '../ingestion.errors.ts'

export interface AnswerHead {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Longer than this is not waited at once, whatever the source says. */
const longestWaitMs = 300_000

/** The one value of a header. */
export const header = ({ headers }: AnswerHead, name: string): string => String(headers[name] ?? '')

/** Why an answer is no page, or null. */
export function answerProblem(head: AnswerHead, nowMs: number): IngestionError | null {
  const { status } = head
  const retryAfterMs = retryAfter(header(head, 'retry-after'), nowMs)
  const wait = { fields: { status, ...(retryAfterMs !== null && { retryAfterMs }) } } as const
  if (status === 429 || status === 503) return new IngestionError('source_busy', `The source answers ${status} and asks to wait.`, wait)
  if (status >= 500 || status === 408 || status === 425) return new IngestionError('source_failed', `The source answers ${status}.`, wait)
  if (status >= 300 && status < 400) return new IngestionError('source_refused', `The source answers ${status} and sends us elsewhere; redirects are not followed. Declare the address that it means.`, { fields: { status } })
  if (status !== 200) return new IngestionError('source_refused', `The source answers ${status}. Check the address and the request function of the declaration.`, { fields: { status } })
  const type = header(head, 'content-type').split(';')[0]?.trim().toLowerCase() ?? ''
  return /^application\/([\w.+-]+\+)?json$/.test(type) ? null : new IngestionError('source_answer_unreadable', `The answer is ${type === '' ? 'of no type' : type}; expected application/json.`)
}

function retryAfter(text: string, nowMs: number): number | null {
  const ms = /^\d{1,7}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? null : Math.min(longestWaitMs, Math.max(0, ms))
}
