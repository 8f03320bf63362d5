import { randomUUID } from 'node:crypto'

export const correlationHeader = 'x-correlation-id'

/** The caller's own correlation id when it is harmless, else a new one. It is in the answer, in every problem and in the log. */
export function correlationId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[\w-]{8,64}$/.test(sent) ? sent : randomUUID()
}
