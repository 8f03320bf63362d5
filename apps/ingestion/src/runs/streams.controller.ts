import { StreamStore } from '@millrace/cassandra'
import { RequireScope } from '@millrace/service'
import { Controller, HttpCode, Param, Post } from '@nestjs/common'
import { streamPaused } from '../ingestion.signals.ts'
import { StreamWorkers } from '../pipeline/stream-workers.ts'
import { RunDesk } from './run-desk.ts'

@Controller('v1/streams')
@RequireScope('stream:control')
export class StreamsController {
  constructor(private readonly desk: RunDesk, private readonly streams: StreamStore, private readonly workers: StreamWorkers) {}

  /** Polls and runs stand still after the page in hand, on every instance, until the stream is resumed. */
  @Post(':stream/pause')
  @HttpCode(200)
  async pause(@Param('stream') name: string): Promise<{ stream: string; paused: boolean }> {
    return await this.#set(name, true)
  }

  @Post(':stream/resume')
  @HttpCode(200)
  async resume(@Param('stream') name: string): Promise<{ stream: string; paused: boolean }> {
    return await this.#set(name, false)
  }

  async #set(name: string, isPaused: boolean): Promise<{ stream: string; paused: boolean }> {
    const stream = this.desk.stream(name)
    await this.streams.setPaused(stream, isPaused)
    this.workers.get(stream)?.refresh()
    streamPaused({ stream: name, state: isPaused ? 'paused' : 'resumed' })
    return { stream: name, paused: isPaused }
  }
}
