import { Omittable } from '@millrace/service'
import { Transform, Type } from 'class-transformer'
import { IsDate, IsInt, Max, Min, ValidateBy, ValidateIf } from 'class-validator'

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** An instant of ISO 8601 with an offset; what is none stays as it is, to be refused. */
const AsInstant = (): PropertyDecorator => Transform(({ value }: { value: unknown }) => (typeof value === 'string' && instant.test(value) ? new Date(value) : value))

/** Both or none. */
const InRange = (): PropertyDecorator => ValidateIf(({ from, to }: TradesQueryDto) => from !== undefined || to !== undefined)

const OnlyInRange = (): PropertyDecorator => ValidateBy({
  name: 'onlyInRange',
  validator: {
    validate: (_, args) => (args?.object as TradesQueryDto | undefined)?.from !== undefined,
    defaultMessage: () => 'offset is for a span of time: give from and to with it; without them go on with after',
  },
})

/** `GET /v1/trades?after&limit`, or for a span of the trades' time `?from&to&offset&limit`. */
export class TradesQueryDto {
  /** The number of the last trade the reader has; 0 from the beginning. */
  @Omittable()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after = 0

  @InRange()
  @AsInstant()
  @IsDate({ message: 'from must be an instant such as 2026-01-01T00:00:00Z, given together with to' })
  from?: Date

  /** Exclusive. */
  @InRange()
  @AsInstant()
  @IsDate({ message: 'to must be an instant such as 2026-01-01T00:00:00Z, given together with from' })
  to?: Date

  /** So many trades of the span are skipped. */
  @Omittable()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @OnlyInRange()
  offset?: number

  @Omittable()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit = 1_000
}
