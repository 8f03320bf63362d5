import { CurrentCaller, RequireScope, type Caller } from '@millrace/service'
import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common'
import { RunDesk } from '../runs/run-desk.ts'
import { runResource, type RunResource } from '../runs/run-resource.ts'
import { RedriveDto } from './redrive.dto.ts'

/** The part of a reply that is used here. */
interface Reply {
  header(name: string, value: string): unknown
}

@Controller('v1/streams/:stream/dead-letters')
@RequireScope('ingest:trigger')
export class RedriveController {
  constructor(private readonly desk: RunDesk) {}

  @Post('redrive')
  @HttpCode(202)
  async redrive(@Param('stream') stream: string, @Headers('idempotency-key') key: string | undefined, @Body() body: RedriveDto, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<RunResource> {
    const run = await this.desk.redrive({ stream, key, caller: caller.id, body })
    reply.header('location', `/v1/runs/${run.id}`)
    return runResource(run)
  }
}
