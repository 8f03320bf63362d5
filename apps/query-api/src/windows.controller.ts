import type { PageAnswer } from '@millrace/rest'
import { callerOf, OpenRead } from '@millrace/service'
import { Controller, Get, Header, Req, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { answered } from './answered.ts'
import { QueryRateGuard } from './query-rate.guard.ts'
import { WindowQueries } from './window-queries.ts'

/** The windows of every view. What a path means is found in the catalogue, so a new stream needs no route here. */
@Controller()
@OpenRead()
@UseGuards(QueryRateGuard)
export class WindowsController {
  constructor(private readonly queries: WindowQueries) {}

  @Get(['v:version/:stream', 'v:version/:stream/:view', 'v:version/:stream/:view/*'])
  @Header('cache-control', 'no-store')
  read(@Req() request: FastifyRequest): Promise<PageAnswer> {
    const [path = ''] = request.originalUrl.split('?', 1)
    return answered(this.queries.answer({ path, parameters: request.query as Record<string, unknown>, caller: callerOf(request).id }))
  }
}
