import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator'
import { IsAfter, IsInstant } from './instant.decorators.ts'

/** Both or none. */
const InRange = (): PropertyDecorator => ValidateIf(({ from, to }: TriggerRunDto) => from !== undefined || to !== undefined)

const mostDays = 366

/**
 * What `POST /v1/streams/<stream>/runs` may say. With `from` and `to` it pulls that span of event times again, else it goes
 * on at the cursor. The source and its address are never among it.
 */
export class TriggerRunDto {
  /** Why, for whoever reads the log. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string

  @InRange()
  @IsInstant({ message: 'from must be an instant with an offset, such as 2018-02-01T00:00:00Z, and come together with to' })
  from?: string

  /** Exclusive. */
  @InRange()
  @IsInstant({ message: 'to must be an instant with an offset, such as 2018-02-02T00:00:00Z, and come together with from' })
  @IsAfter('from', mostDays, { message: `to must be after from, by ${mostDays} days at most` })
  to?: string
}
