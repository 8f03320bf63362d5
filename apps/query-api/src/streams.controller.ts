import { callerOf, OpenRead } from '@millrace/service'
import { Controller, Get, Header, Param, Req, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { answered } from './answered.ts'
import { LedgerQueries } from './ledger-queries.ts'
import { QueryRateGuard } from './query-rate.guard.ts'
import { StreamQueries } from './stream-queries.ts'

/** The state of the streams, and whether their ledgers balance. */
@Controller('v1/streams')
@OpenRead()
@UseGuards(QueryRateGuard)
export class StreamsController {
  constructor(private readonly queries: StreamQueries, private readonly ledgers: LedgerQueries) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(): Promise<unknown> {
    return answered(this.queries.list())
  }

  @Get(':stream')
  @Header('cache-control', 'no-store')
  one(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.queries.one(stream, request.query as Record<string, unknown>))
  }

  @Get(':stream/ledger')
  @Header('cache-control', 'no-store')
  ledger(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.ledgers.answer({ stream, parameters: request.query as Record<string, unknown>, caller: callerOf(request).id }))
  }
}
