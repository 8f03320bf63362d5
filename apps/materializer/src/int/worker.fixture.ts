import { createService } from '@millrace/service'
import { defineCatalogue } from '@millrace/stream-kit'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import { CATALOGUE } from '../catalogue.provider.ts'
import { materializerService } from '../materializer.config.ts'
import { MaterializerModule } from '../materializer.module.ts'
import { trains } from './trains.fixture.ts'

/** The materializer as it runs, with one stream for its catalogue. Its addresses come from the environment. */
export async function startWorker(stream: string): Promise<NestFastifyApplication> {
  const app = await createService(MaterializerModule, materializerService, async (root, adapter) => {
    const module = await Test.createTestingModule({ imports: [root] }).overrideProvider(CATALOGUE).useValue(defineCatalogue([trains(stream)])).compile()
    return module.createNestApplication<NestFastifyApplication>(adapter, { logger: false, bodyParser: false })
  })
  return app.init()
}
