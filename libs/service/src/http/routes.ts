import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance, RouteOptions, preHandlerHookHandler } from 'fastify'
import type { Gate } from '../access/gate.ts'
import type { Access } from '../access/scope.ts'
import { serviceError } from '../service.errors.ts'

export interface Route {
  readonly method: string
  readonly path: string
}

interface Watched {
  readonly routes: Route[]
  readonly gate: Gate
  /** Preparing: routes that come now are raw ones, which must be guarded one by one. */
  isNest: boolean
}

const watched = new WeakMap<object, Watched>()
const guarded = new WeakSet()

/** Remembers every route from the first on, and refuses a raw one without `guardRoute`: deny by default holds for them too. */
export function watchRoutes(server: FastifyInstance, gate: Gate): void {
  const state: Watched = { routes: [], gate, isNest: false }
  watched.set(server, state)
  server.addHook('onRoute', (route: RouteOptions) => {
    const methods = Array.isArray(route.method) ? route.method : [route.method]
    const hooks = Array.isArray(route.preHandler) ? route.preHandler : [route.preHandler]
    if (!state.isNest && !hooks.some((hook) => hook !== undefined && guarded.has(hook))) {
      throw serviceError('route_without_access', `The raw route ${methods.join(', ')} ${route.url} says nothing about who may call it. Give it preHandler: guardRoute(app, 'open-read') or another access.`)
    }
    for (const method of methods) state.routes.push({ method, path: route.url })
  })
}

/** From now on Nest registers its own routes, which the global guard covers. */
export function nestRoutesFollow(server: FastifyInstance): void {
  stateOf(server).isNest = true
}

/** The preHandler of a raw Fastify route: the same gate as the global guard, for what is not a Nest controller. */
export function guardRoute(app: NestFastifyApplication, access: Exclude<Access, 'public'>): preHandlerHookHandler {
  const { gate } = stateOf(app.getHttpAdapter().getInstance())
  const guard: preHandlerHookHandler = (request, _reply, done) => {
    gate.pass(request, access)
    done()
  }
  guarded.add(guard)
  return guard
}

/** Every route the service answers, raw ones included. */
export function listRoutes(app: NestFastifyApplication): Route[] {
  return [...stateOf(app.getHttpAdapter().getInstance()).routes]
}

function stateOf(server: object): Watched {
  const state = watched.get(server)
  if (state === undefined) throw new Error('This application was not made by createService. Make it with createService.')
  return state
}
