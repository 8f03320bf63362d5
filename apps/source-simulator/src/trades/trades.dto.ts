import { Omittable } from '@millrace/service'
import { Type } from 'class-transformer'
import { IsInt, Max, Min } from 'class-validator'

/** `GET /v1/trades?after&limit` */
export class TradesQueryDto {
  /** The number of the last trade the reader has; 0 from the beginning. */
  @Omittable()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after = 0

  @Omittable()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit = 1_000
}
