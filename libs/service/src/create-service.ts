import 'reflect-metadata'
import { configureLog } from '@millrace/observability'
import { Module, type DynamicModule, type Type } from '@nestjs/common'
import { NestFactory, Reflector } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AccessGuard } from './access/access.guard.ts'
import { Gate } from './access/gate.ts'
import { limits, type Limits } from './http/limits.ts'
import { ProblemFilter } from './http/problem.filter.ts'
import { nestRoutesFollow, watchRoutes } from './http/routes.ts'
import { serviceAdapter } from './http/service-adapter.ts'
import { validationPipe } from './http/validation.ts'
import { nestLogger } from './nest-logger.ts'
import { ServiceModule } from './service.module.ts'
import { readServiceSettings } from './service.settings.ts'
import type { Environment } from './settings/environment.ts'

export interface ServiceOptions {
  /** The worker's name, on every log line. */
  readonly name: string
  /** Where it listens: the variable, and its default. */
  readonly port: { readonly env: string, readonly default: number }
  /** Called before the routes exist: attach a microservice here, or raw routes guarded by `guardRoute`. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>
  /** For tests: an environment instead of the process's. */
  readonly env?: Environment
  /** For tests: shorter times. */
  readonly limits?: Partial<Limits>
}

export type AppModule = Type | DynamicModule

/** What makes the application of a module; tests put one in that overrides providers. */
export type MakeApplication = (root: DynamicModule, adapter: ReturnType<typeof serviceAdapter>) => Promise<NestFastifyApplication>

@Module({})
class Root {}

const fromFactory: MakeApplication = (root, adapter) =>
  NestFactory.create<NestFastifyApplication>(root, adapter, { logger: nestLogger, bodyParser: false, abortOnError: false })

/**
 * A worker, ready to `init()` or `listen()`, with health, metrics, guard, limits and problems, but without
 * listening to signals. A module must not wait for its dependencies while it starts: it connects in the background
 * and says by `Health` how far it is.
 */
export async function createService(module: AppModule, { name, configure, env, limits: own = {} }: ServiceOptions, make: MakeApplication = fromFactory): Promise<NestFastifyApplication> {
  const settings = readServiceSettings(env)
  configureLog({ app: name, level: settings.logLevel })
  const adapter = serviceAdapter(settings, { ...limits, ...own })
  const server = adapter.getInstance()
  const gate = new Gate(settings)
  watchRoutes(server, gate)
  const app = await make({ module: Root, imports: [ServiceModule, module] }, adapter)
  app.useGlobalGuards(new AccessGuard(gate, app.get(Reflector)))
  app.useGlobalFilters(new ProblemFilter())
  app.useGlobalPipes(validationPipe())
  await configure?.(app)
  nestRoutesFollow(server)
  return app
}
