import { IsBoolean, IsOptional } from 'class-validator'

export class RestartBody {
  /** True: give the checkpoint up and build a new generation from the start of the topic, beside the one that is served. */
  @IsOptional()
  @IsBoolean()
  readonly rebuild?: boolean
}
