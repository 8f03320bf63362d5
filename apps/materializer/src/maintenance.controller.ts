import { LetterSweep, type Swept } from '@millrace/cassandra'
import { DryRunDto, readSettings, RequireScope, systemClock } from '@millrace/service'
import { Body, Controller, HttpCode, Post } from '@nestjs/common'
import { materializerSettings } from './materializer.config.ts'
import { lettersRemoved } from './materializer.signals.ts'

/** Lets go of letters that are older than they are kept. It changes nothing but that, so it may be asked for at any time and twice. */
@Controller('v1/maintenance')
@RequireScope('stream:control')
export class MaintenanceController {
  readonly #keptMs = readSettings({ kept: materializerSettings.lettersKept }).kept

  constructor(private readonly letters: LetterSweep) {}

  @Post()
  @HttpCode(200)
  async maintain(@Body() { dryRun = false }: DryRunDto): Promise<{ readonly deadLetters: Swept; readonly lateEvents: Swept }> {
    const { deadLetters, lateEvents } = await this.letters.sweep({ before: systemClock.now() - this.#keptMs, isDryRun: dryRun })
    if (!dryRun) for (const [kind, { removed, kept }] of [['dead', deadLetters], ['late', lateEvents]] as const) lettersRemoved({ kind, removed, kept })
    return { deadLetters, lateEvents }
  }
}
