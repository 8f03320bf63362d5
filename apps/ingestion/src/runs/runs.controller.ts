import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common'
import { CurrentCaller, RequireScope, type Caller } from '@millrace/service'
import { RunDesk } from './run-desk.ts'
import { runResource, type RunResource } from './run-resource.ts'
import { TriggerRunDto } from './trigger-run.dto.ts'

/** The part of a reply that is used here. */
interface Reply {
  header(name: string, value: string): unknown
}

@Controller('v1')
export class RunsController {
  constructor(private readonly desk: RunDesk) {}

  @Post('streams/:stream/runs')
  @HttpCode(202)
  @RequireScope('ingest:trigger')
  async trigger(@Param('stream') stream: string, @Headers('idempotency-key') key: string | undefined, @Body() body: TriggerRunDto, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<RunResource> {
    const run = await this.desk.trigger({ stream, key, caller: caller.id, body })
    reply.header('location', `/v1/runs/${run.id}`)
    return runResource(run)
  }

  @Get('runs/:id')
  @RequireScope('ingest:trigger', 'query:read', 'stream:control')
  async show(@Param('id') id: string): Promise<RunResource> {
    return runResource(await this.desk.run(id))
  }
}
