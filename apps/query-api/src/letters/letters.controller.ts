import type { LetterCounts } from '@millrace/rest'
import { callerOf, OpenRead } from '@millrace/service'
import { Controller, Get, Header, Param, Req, UseGuards } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { answered } from '../answered.ts'
import { QueryRateGuard } from '../query-rate.guard.ts'
import { DeadQueries } from './dead-queries.ts'
import { LateQueries, type LetterQuestion } from './late-queries.ts'

/** What was kept apart, with its bytes and the reason. */
@Controller('v1/streams/:stream')
@OpenRead()
@UseGuards(QueryRateGuard)
export class LettersController {
  constructor(private readonly lates: LateQueries, private readonly deads: DeadQueries) {}

  @Get('late')
  @Header('cache-control', 'no-store')
  late(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.lates.list(questionIn(stream, request)))
  }

  @Get('late/counts')
  @Header('cache-control', 'no-store')
  lateCounts(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<LetterCounts> {
    return answered(this.lates.counts(questionIn(stream, request)))
  }

  @Get('late/:id')
  @Header('cache-control', 'no-store')
  lateOne(@Param('stream') stream: string, @Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.lates.one(questionIn(stream, request), id))
  }

  @Get('dead-letters')
  @Header('cache-control', 'no-store')
  dead(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.deads.list(questionIn(stream, request)))
  }

  @Get('dead-letters/counts')
  @Header('cache-control', 'no-store')
  deadCounts(@Param('stream') stream: string, @Req() request: FastifyRequest): Promise<LetterCounts> {
    return answered(this.deads.counts(questionIn(stream, request)))
  }

  @Get('dead-letters/:id')
  @Header('cache-control', 'no-store')
  deadOne(@Param('stream') stream: string, @Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return answered(this.deads.one(questionIn(stream, request), id))
  }
}

const questionIn = (stream: string, request: FastifyRequest): LetterQuestion => ({ stream, parameters: request.query as Record<string, unknown>, caller: callerOf(request).id })
