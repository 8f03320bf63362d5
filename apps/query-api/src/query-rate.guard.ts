import { callerOf, RateLimit } from '@millrace/service'
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

/** Whom a limit counts: a key, or an address while reading is open. */
export function limitedAs(request: FastifyRequest): string {
  const { id } = callerOf(request)
  return id === 'anonymous' ? `address ${request.ip}` : `key ${id}`
}

/** So many queries a second for each key, or for each address while reading is open. Runs after the global guard. */
@Injectable()
export class QueryRateGuard implements CanActivate {
  constructor(private readonly limit: RateLimit) {}

  canActivate(context: ExecutionContext): boolean {
    this.limit.take(limitedAs(context.switchToHttp().getRequest<FastifyRequest>()))
    return true
  }
}
