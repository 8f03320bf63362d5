import { createService, type AppModule, type Environment, type ServiceOptions } from '@millrace/service'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Test, type TestingModuleBuilder } from '@nestjs/testing'

export interface TestServiceOptions {
  readonly name?: string
  readonly env?: Environment
  readonly configure?: ServiceOptions['configure']
  /** Puts twins in the place of what reaches out of the process. */
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder
}

/** The worker as `runService` makes it, initialised but not listening. Close it after the test. */
export async function testService(module: AppModule, { name = 'spec', env = {}, configure, override = (builder) => builder }: TestServiceOptions = {}): Promise<NestFastifyApplication> {
  const options: ServiceOptions = { name, env: { MILLRACE_LOG_LEVEL: 'error', ...env }, port: { env: 'MILLRACE_SPEC_PORT', default: 0 }, ...configure === undefined ? {} : { configure } }
  const app = await createService(module, options, async (root, adapter) => {
    const compiled = await override(Test.createTestingModule({ imports: [root] })).compile()
    return compiled.createNestApplication<NestFastifyApplication>(adapter, { logger: false, bodyParser: false })
  })
  await app.init()
  await app.getHttpAdapter().getInstance().ready()
  return app
}
