import { DryRunDto, RequireScope } from '@millrace/service'
import { Body, Controller, HttpCode, Post } from '@nestjs/common'
import { Maintenance, type MaintenanceReport } from './maintenance.ts'

/** Removes what nothing needs any more, and says what that was. */
@Controller('v1/maintenance')
export class MaintenanceController {
  constructor(private readonly maintenance: Maintenance) {}

  @Post()
  @HttpCode(200)
  @RequireScope('stream:control')
  async run(@Body() { dryRun = false }: DryRunDto): Promise<MaintenanceReport> {
    return await this.maintenance.run({ dryRun })
  }
}
