import { OpenRead } from '@millrace/service'
import { Controller, Get, Header, Param, Req, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { answered } from '../answered.ts'
import { QueryRateGuard } from '../query-rate.guard.ts'
import { EventQueries } from './event-queries.ts'

/** Where one event is: by its id, or by the fields that make the id. */
@Controller('v1/streams/:stream/events')
@OpenRead()
@UseGuards(QueryRateGuard)
export class EventsController {
  constructor(private readonly queries: EventQueries) {}

  @Get()
  @Header('cache-control', 'no-store')
  byFields(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.queries.answer({ stream, id: null, parameters: request.query as Record<string, unknown> }))
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  byId(@Param('stream') stream: string, @Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.queries.answer({ stream, id, parameters: request.query as Record<string, unknown> }))
  }
}
