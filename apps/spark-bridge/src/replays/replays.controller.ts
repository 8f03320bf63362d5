import { CurrentCaller, RequireScope, type Caller } from '@millrace/service'
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common'
import { ReplayDesk } from './replay-desk.ts'
import { replayResource, type ReplayResource } from './replay-resource.ts'
import { IncludeLateBody, StartReplayBody, StreamVersionQuery } from './start-replay.dto.ts'

/** The part of a reply that is used here. */
interface Reply {
  header(name: string, value: string): unknown
}

/** Asks for replays and inclusions, tells how they stand, and decides about those that wait for it. */
@Controller('v1')
export class ReplaysController {
  constructor(private readonly desk: ReplayDesk) {}

  @Post('streams/:stream/replays')
  @HttpCode(202)
  @RequireScope('stream:control')
  async start(@Param('stream') stream: string, @Body() { version, from, to }: StartReplayBody, @Headers('idempotency-key') key: string | undefined, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<ReplayResource> {
    const replay = await this.desk.request({ kind: 'replay', stream, version, asked: { from: Date.parse(from), to: Date.parse(to), ids: null, isDryRun: true } }, { key, caller: caller.id })
    reply.header('location', `/v1/replays/${replay.id}`)
    return replayResource(replay)
  }

  @Post('streams/:stream/late/include')
  @HttpCode(202)
  @RequireScope('stream:control')
  async include(@Param('stream') stream: string, @Body() { version, from, to, ids, dryRun = false }: IncludeLateBody, @Headers('idempotency-key') key: string | undefined, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: Reply): Promise<ReplayResource> {
    const asked = { from: from === undefined ? null : Date.parse(from), to: to === undefined ? null : Date.parse(to), ids: ids ?? null, isDryRun: dryRun }
    const replay = await this.desk.request({ kind: 'include', stream, version, asked }, { key, caller: caller.id })
    reply.header('location', `/v1/replays/${replay.id}`)
    return replayResource(replay)
  }

  @Get('streams/:stream/replays')
  @RequireScope('query:read', 'ingest:trigger', 'stream:control')
  async list(@Param('stream') stream: string, @Query() { version }: StreamVersionQuery): Promise<{ data: ReplayResource[] }> {
    return { data: (await this.desk.list(stream, version === undefined ? undefined : Number(version))).map(replayResource) }
  }

  @Get('replays/:id')
  @RequireScope('query:read', 'ingest:trigger', 'stream:control')
  async show(@Param('id') id: string): Promise<ReplayResource> {
    return replayResource(await this.desk.replay(id))
  }

  @Post('replays/:id/promote')
  @HttpCode(200)
  @RequireScope('stream:control')
  async promote(@Param('id') id: string): Promise<ReplayResource> {
    return replayResource(await this.desk.promote(id))
  }

  @Post('replays/:id/discard')
  @HttpCode(200)
  @RequireScope('stream:control')
  async discard(@Param('id') id: string): Promise<ReplayResource> {
    return replayResource(await this.desk.discard(id))
  }
}
