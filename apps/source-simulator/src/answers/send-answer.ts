import type { FastifyReply } from 'fastify'
import { answerNotGiven } from '../simulator.signals.ts'
import type { Answer } from './answer.ts'

/** The one way out for every answer of a simulated API. */
export async function sendAnswer(reply: FastifyReply, { status, headers, body, write, served }: Answer): Promise<void> {
  if (write === undefined) {
    served?.()
    await reply.code(status).headers(headers).send(Buffer.from(body, 'latin1'))
    return
  }
  reply.hijack()
  try {
    reply.raw.writeHead(status, headers)
    await write(reply.raw)
    served?.()
  } catch (error) {
    answerNotGiven({ error })
    reply.raw.destroy()
  }
}
