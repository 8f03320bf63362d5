import { CurrentCaller, RequireScope, type Caller } from '@millrace/service'
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common'
import { RecountDesk } from './recount-desk.ts'
import { recountResource, type RecountResource } from './recount-resource.ts'
import { StartRecountBody } from './start-recount.dto.ts'

/** The part of a reply that is used here. */
interface Reply {
  header(name: string, value: string): unknown
}

/** Asks for recounts and tells how they stand. */
@Controller('v1/recounts')
export class RecountsController {
  constructor(private readonly desk: RecountDesk) {}

  @Post()
  @HttpCode(202)
  @RequireScope('ingest:trigger')
  async start(@Body() body: StartRecountBody, @Headers('idempotency-key') key: string | undefined, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<RecountResource> {
    const recount = await this.desk.request(body, { key, caller: caller.id })
    reply.header('location', `/v1/recounts/${recount.id}`)
    return recountResource(recount)
  }

  @Get(':id')
  @RequireScope('query:read', 'ingest:trigger', 'stream:control')
  async show(@Param('id') id: string): Promise<RecountResource> {
    return recountResource(await this.desk.recount(id))
  }
}
