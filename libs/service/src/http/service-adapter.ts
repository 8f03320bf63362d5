import type { IncomingMessage } from 'node:http'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { checkBodyShape } from './body-shape.ts'
import { correlationHeader, correlationId } from './correlation-id.ts'
import { limits as standardLimits, type Limits } from './limits.ts'
import { sendProblem } from './problem.filter.ts'
import { refuseBrokenRequest } from './refuse-broken-request.ts'
import { serviceProblem } from './service.problems.ts'

/** Fastify with our limits: only JSON bodies, bounded in bytes, depth and time; a correlation id on each answer. */
export function serviceAdapter({ trustedProxies }: { readonly trustedProxies: readonly string[] }, limits: Limits = standardLimits): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkEveryMs },
    routerOptions: { maxParamLength: limits.paramCharacters },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: (request: IncomingMessage) => correlationId(request.headers[correlationHeader]),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => { sendProblem(error, request, reply) },
    clientErrorHandler: refuseBrokenRequest,
    logger: false,
  })
  const server = adapter.getInstance()
  server.removeContentTypeParser('text/plain')
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header(correlationHeader, request.id)
    void reply.header('x-content-type-options', 'nosniff')
    done((request.raw.url ?? '').length > limits.urlBytes ? serviceProblem('url_too_long', { detail: 'An address has at most 8 KB.' }) : undefined)
  })
  server.addHook('preValidation', (request, _reply, done) => {
    checkBodyShape(request.body)
    done()
  })
  return adapter
}
