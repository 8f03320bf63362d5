import { Omittable } from '@millrace/service'
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator'

/** Instants that say their offset: without it "12:00" would be another range on another machine. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/
const said = (name: string) => ({ message: `${name} must be an instant with its offset from UTC, such as 2018-02-01T00:00:00Z` })

class Versioned {
  /** The newest if it is left out. */
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly version?: number
}

export class StartReplayBody extends Versioned {
  /** Windows that start at or after this instant… */
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, said('from'))
  readonly from!: string

  /** …and end by this one. */
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, said('to'))
  readonly to!: string
}

export class IncludeLateBody extends Versioned {
  /** Late events from this event time on; all that are kept if it is left out. */
  @Omittable()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, said('from'))
  readonly from?: string

  /** …and before this one; all that count in final windows if it is left out. */
  @Omittable()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  @Matches(instant, said('to'))
  readonly to?: string

  /** Only these; all of the range if it is left out. */
  @Omittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  readonly ids?: string[]

  /** Builds and compares, and waits until somebody promotes it. */
  @Omittable()
  @IsBoolean()
  readonly dryRun?: boolean
}

export class StreamVersionQuery {
  /** The newest if it is left out. */
  @Omittable()
  @Matches(/^[1-9]\d{0,6}$/)
  readonly version?: string
}
