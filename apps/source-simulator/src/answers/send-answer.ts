import type { FastifyReply } from 'fastify'

/** An answer of a simulated API, whole and ready to go. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Notes what the answer holds as served; called once the answer is handed over whole. */
  readonly served?: () => void
}

/** One step on the way of an answer: it passes the answer on, changed or not. */
export type AnswerStep = (answer: Answer) => Answer | Promise<Answer>

/** The steps in their order. What makes the simulated APIs misbehave belongs here, and nowhere else. */
const steps: readonly AnswerStep[] = []

/** The one way out for every answer of a simulated API. */
export async function sendAnswer(reply: FastifyReply, answer: Answer): Promise<void> {
  let passing = answer
  for (const step of steps) passing = await step(passing)
  passing.served?.()
  await reply.code(passing.status).headers(passing.headers).send(passing.body)
}
