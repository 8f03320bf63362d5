import { IsBoolean } from 'class-validator'
import { Omittable } from './omittable.ts'

/** The body of a route that can say what it would do. */
export class DryRunDto {
  /** Only count; change nothing. */
  @Omittable()
  @IsBoolean()
  dryRun?: boolean
}
