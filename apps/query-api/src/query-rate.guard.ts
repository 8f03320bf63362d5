import { callerOf, RateLimit } from '@millrace/service'
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

/** So many queries a second for each key, or for each address while reading is open. Runs after the global guard. */
@Injectable()
export class QueryRateGuard implements CanActivate {
  constructor(private readonly limit: RateLimit) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const { id } = callerOf(request)
    this.limit.take(id === 'anonymous' ? `address ${request.ip}` : `key ${id}`)
    return true
  }
}
