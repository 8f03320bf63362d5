import { Omittable } from '@millrace/service'
import { IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator'

/** Instants that say their offset: without it "12:00" would be another range on another machine. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

export class StartRecountBody {
  @IsString()
  @MaxLength(100)
  readonly stream!: string

  /** The newest if it is left out. */
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly version?: number

  /** Windows that start at or after this instant; a day before `to` if it is left out. */
  @Omittable()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, { message: 'from must be an instant with its offset from UTC, such as 2018-02-01T00:00:00Z' })
  readonly from?: string

  /** …and end by this one; up to where windows are final if it is left out. */
  @Omittable()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, { message: 'to must be an instant with its offset from UTC, such as 2018-02-01T00:00:00Z' })
  readonly to?: string
}
