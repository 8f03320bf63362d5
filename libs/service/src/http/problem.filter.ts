import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { requestFailed, requestRefused, requestUnavailable } from '../service.signals.ts'
import { problemAnswer } from './problem.ts'

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error
    sendProblem(error, host.switchToHttp().getRequest<FastifyRequest>(), host.switchToHttp().getResponse<FastifyReply>())
  }
}

/** Sends the problem of an error and logs it under the request's correlation id. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, body } = problemAnswer(error, request.id)
  const path = request.url.split('?', 1)[0] ?? ''
  const said = { method: request.method, path: path.slice(0, 200), status, code: body['code'], correlationId: request.id }
  // What a worker waits for has signals of its own; probes that ask for it every moment would bury them.
  if (body['code'] === 'not_ready') requestRefused(said)
  else if (status === 503) requestUnavailable({ ...said, error })
  else if (status >= 500) requestFailed({ ...said, error })
  else requestRefused(said)
  if (reply.sent || reply.raw.headersSent) {
    // Too late to answer: a stream broke off. Cutting the connection tells the client that it has not got all.
    reply.raw.destroy()
    return
  }
  void reply.code(status).headers(headers).send(body)
}
