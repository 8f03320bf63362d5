import { OpenRead } from '@millrace/service'
import { Controller, Req, Sse, SseSignal, UseGuards, type MessageEvent } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Observable } from 'rxjs'
import { answered } from '../answered.ts'
import { limitedAs, QueryRateGuard } from '../query-rate.guard.ts'
import { LiveHub } from './live-hub.ts'

/** The windows of every view as they change. A client that does not read is dropped by Nest, and misses nothing when it comes back. */
@Controller()
@OpenRead()
@UseGuards(QueryRateGuard)
export class LiveController {
  constructor(private readonly hub: LiveHub) {}

  @Sse('v1/live/*')
  follow(@Req() request: FastifyRequest, @SseSignal() signal: AbortSignal): Promise<Observable<MessageEvent>> {
    const [path = ''] = request.originalUrl.split('?', 1)
    const lastEventId = request.headers['last-event-id']
    return answered(this.hub.open({
      path,
      parameters: request.query as Record<string, unknown>,
      lastEventId: Array.isArray(lastEventId) ? lastEventId[0] : lastEventId,
      caller: limitedAs(request),
      correlationId: request.id,
      signal,
    }))
  }
}
