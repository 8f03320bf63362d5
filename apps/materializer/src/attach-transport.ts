import type { INestApplication } from '@nestjs/common'
import { BatchTransport } from './batch-transport.ts'

/** Joins the transport to the app: it starts taking batches, and is closed before anything that its handlers need. */
export async function attachTransport(app: INestApplication): Promise<void> {
  app.connectMicroservice({ strategy: app.get(BatchTransport) })
  await app.startAllMicroservices()
}
