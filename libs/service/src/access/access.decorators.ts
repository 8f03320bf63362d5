import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { callerOf } from './caller-of.ts'
import type { Access, Caller, Scope } from './scope.ts'

export const accessKey = 'millrace:access'

/** Only a key of one of these scopes, or of `admin`, may call the route. On a class: all its routes. */
export function RequireScope(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator & ClassDecorator {
  return SetMetadata<string, Access>(accessKey, scopes)
}

/** Everybody may call it while MILLRACE_READ is open; else it needs the scope `query:read`. Only for reading. */
export function OpenRead(): MethodDecorator & ClassDecorator {
  return SetMetadata<string, Access>(accessKey, 'open-read')
}

/** Everybody may call it, always: health, nothing else. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata<string, Access>(accessKey, 'public')
}

/** Whose request it is, as a parameter of a route. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => callerOf(context.switchToHttp().getRequest<FastifyRequest>()))
