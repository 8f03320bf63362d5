import { RunStore, type Swept } from '@millrace/cassandra'
import { DryRunDto, RequireScope, systemClock } from '@millrace/service'
import { Body, Controller, HttpCode, Post } from '@nestjs/common'
import { readIngestionSettings } from '../ingestion.config.ts'
import { runsRemoved } from '../ingestion.signals.ts'

/** Lets go of what nobody will ask for any more. It changes nothing but that, so it may be asked for at any time and twice. */
@Controller('v1/maintenance')
@RequireScope('stream:control')
export class MaintenanceController {
  readonly #keptMs = readIngestionSettings().runsKept

  constructor(private readonly runs: RunStore) {}

  @Post()
  @HttpCode(200)
  async maintain(@Body() { dryRun = false }: DryRunDto): Promise<{ readonly runs: Swept }> {
    const runs = await this.runs.sweep({ before: systemClock.now() - this.#keptMs, isDryRun: dryRun })
    if (!dryRun) runsRemoved({ ...runs })
    return { runs }
  }
}
