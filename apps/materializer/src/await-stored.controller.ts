import { currentOf, firstTopic, GenerationStore, isComparable, ProgressStore, StreamStatusReader } from '@millrace/cassandra'
import { RequireScope, serviceProblem } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common'
import { AwaitStoredBody, AwaitStoredQuery } from './await-stored.dto.ts'
import { CATALOGUE } from './catalogue.provider.ts'
import { storedSoFar, type StoredSoFar } from './stored-so-far.ts'
import { within } from './within.ts'

const patienceMs = 1_700

/** Says at once whether the events up to some offsets are in the rows that readers get. Ask again until they are. */
@Controller('v1/streams')
export class AwaitStoredController {
  constructor(
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    private readonly generations: GenerationStore,
    private readonly progress: ProgressStore,
    private readonly status: StreamStatusReader,
  ) {}

  @Post(':stream/await')
  @HttpCode(200)
  @RequireScope('ingest:trigger', 'query:read', 'stream:control')
  async await(@Param('stream') name: string, @Body() { offsets }: AwaitStoredBody, @Query() { version }: AwaitStoredQuery): Promise<StoredSoFar> {
    const stream = this.catalogue.find(name, version)
    if (!stream) throw serviceProblem('stream_unknown', { detail: `There is no such stream${version === undefined ? '' : ' in this version'}. There are: ${[...new Set(this.catalogue.streams.map((one) => one.name))].join(', ')}.` })
    const wanted = Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)]))
    const strange = Object.keys(wanted).filter((partition) => Number(partition) >= stream.partitions)
    if (strange.length > 0) throw serviceProblem('partition_unknown', { detail: `The topic of ${stream.name} has the partitions 0 to ${stream.partitions - 1}.`, errors: strange.map((field) => ({ field: `offsets.${field}`, detail: 'no such partition' })) })
    return within(patienceMs, (async () => {
      const served = currentOf(await this.generations.served(stream))
      const [status, progress] = await Promise.all([this.status.read(stream), served && this.progress.read(stream, served.generation)])
      // Of a topic that is gone the offsets may lie far ahead of those that are asked for, and say nothing about them.
      const isOfNow = served !== undefined && isComparable(served, status?.topic ?? firstTopic)
      return storedSoFar(wanted, isOfNow ? (progress?.offsets ?? {}) : {})
    })())
  }
}
