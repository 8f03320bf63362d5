import { Omittable } from '@millrace/service'
import { IsString, MaxLength } from 'class-validator'

/** What `POST /v1/streams/<stream>/restore` may say. */
export class RestoreDto {
  /** Why, for whoever reads the log. */
  @Omittable()
  @IsString()
  @MaxLength(200)
  reason?: string
}
