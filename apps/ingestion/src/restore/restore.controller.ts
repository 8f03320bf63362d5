import { CurrentCaller, RequireScope, type Caller } from '@millrace/service'
import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common'
import { RunDesk } from '../runs/run-desk.ts'
import { runResource, type RunResource } from '../runs/run-resource.ts'
import { RestoreDto } from './restore.dto.ts'

/** The part of a reply that is used here. */
interface Reply {
  header(name: string, value: string): unknown
}

@Controller('v1/streams')
@RequireScope('stream:control')
export class RestoreController {
  constructor(private readonly desk: RunDesk) {}

  /** Of a topic that has lost events; a topic that is whole is left alone, and the run fails. */
  @Post(':stream/restore')
  @HttpCode(202)
  async restore(@Param('stream') stream: string, @Headers('idempotency-key') key: string | undefined, @Body() body: RestoreDto, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<RunResource> {
    const run = await this.desk.restore({ stream, key, caller: caller.id, body })
    reply.header('location', `/v1/runs/${run.id}`)
    return runResource(run)
  }
}
