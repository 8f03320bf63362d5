import { Omittable } from '@millrace/service'
import { IsBoolean } from 'class-validator'

export class MaintenanceBody {
  /** True: only say what would be removed. */
  @Omittable()
  @IsBoolean()
  readonly dryRun?: boolean
}
