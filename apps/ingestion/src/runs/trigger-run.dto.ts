import { IsOptional, IsString, MaxLength } from 'class-validator'

/** What `POST /v1/streams/<stream>/runs` may say. The source and its address are never among it. */
export class TriggerRunDto {
  /** Why, for whoever reads the log. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string
}
