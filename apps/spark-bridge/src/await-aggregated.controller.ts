import { RequireScope, serviceProblem } from '@millrace/service'
import type { Offsets } from '@millrace/spark-connect'
import { streamLabel, type Catalogue } from '@millrace/stream-kit'
import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common'
import { AwaitAggregatedBody, AwaitAggregatedQuery } from './await-aggregated.dto.ts'
import { CATALOGUE } from './catalogue.provider.ts'
import { lagOf } from './supervise/offsets.ts'
import { Supervisor } from './supervise/supervisor.ts'

/** How far the windows on the windows topic are, compared with what was asked for. */
export interface AggregatedSoFar {
  readonly reached: boolean
  readonly offsets: Offsets
  /** Events by partition that are still missing, for the partitions asked for. */
  readonly lag: Offsets
}

/** Says at once whether the events up to some offsets are aggregated. Ask again until they are. */
@Controller('v1/streams')
export class AwaitAggregatedController {
  constructor(@Inject(CATALOGUE) private readonly catalogue: Catalogue, private readonly supervisor: Supervisor) {}

  @Post(':stream/await')
  @HttpCode(200)
  @RequireScope('ingest:trigger', 'query:read', 'stream:control')
  await(@Param('stream') name: string, @Body() { offsets }: AwaitAggregatedBody, @Query() { version }: AwaitAggregatedQuery): AggregatedSoFar {
    const stream = this.catalogue.find(name, version)
    const supervised = stream && this.supervisor.streams.find(({ label }) => label === streamLabel(stream))
    if (!supervised) throw serviceProblem('stream_unknown', { detail: `There is no such stream${version === undefined ? '' : ' in this version'}. There are: ${[...new Set(this.catalogue.streams.map((one) => one.name))].join(', ')}.` })
    const { partitions } = supervised.stream
    const strange = Object.keys(offsets).filter((partition) => Number(partition) >= partitions)
    if (strange.length > 0) throw serviceProblem('partition_unknown', { detail: `The topic of ${name} has the partitions 0 to ${partitions - 1}.`, errors: strange.map((field) => ({ field: `offsets.${field}`, detail: 'no such partition' })) })
    const wanted = Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)]))
    const { current } = supervised
    const committed = current && supervised.isComparable(current.generation) ? supervised.runOf(current.generation).committed : {}
    const lag = lagOf(committed, wanted)
    return { reached: Object.values(lag).every((missing) => missing === 0), offsets: committed, lag }
  }
}
