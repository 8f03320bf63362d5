import type { CanActivate, ExecutionContext } from '@nestjs/common'
import type { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { accessKey } from './access.decorators.ts'
import type { Gate } from './gate.ts'
import type { Access } from './scope.ts'

/** The one global guard. A route that does not say who may call it is for `admin` alone. */
export class AccessGuard implements CanActivate {
  constructor(private readonly gate: Gate, private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [context.getHandler(), context.getClass()])
    this.gate.pass(context.switchToHttp().getRequest<FastifyRequest>(), access ?? 'admin')
    return true
  }
}
