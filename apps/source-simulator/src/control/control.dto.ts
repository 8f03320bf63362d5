import { Omittable } from '@millrace/service'
import { Type } from 'class-transformer'
import { IsIn, IsInt, IsISO8601, IsNumber, IsObject, Max, Min, ValidateBy, ValidateNested } from 'class-validator'
import { faultPlanProblem, type FaultPlan } from '../faults/fault-plan.ts'
import { isSpeed, speedRule } from '../simulator.settings.ts'
import type { Speed } from '../clock/simulated-clock.ts'

export class TradesControlDto {
  /** New trades a second; 0 pauses. */
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(10_000)
  rate?: number

  /** Produce so many new trades more, then pause. */
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  stopAfter?: number

  /** Of all entries the share that repeats an earlier trade; 0.9 at most, so that new ones still come. */
  @Omittable()
  @IsNumber()
  @Min(0)
  @Max(0.9)
  duplicateShare?: number

  /** A trade's time lies up to so long before its production. */
  @Omittable()
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  disorderMs?: number
}

/** `POST /control` */
export class ControlDto {
  @Omittable()
  @ValidateBy({ name: 'isSpeed', validator: { validate: isSpeed, defaultMessage: () => `speed must be ${speedRule}` } })
  speed?: Speed

  /** Where the clock of the earthquakes goes on from. */
  @Omittable()
  @IsISO8601({ strict: true })
  start?: string

  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => TradesControlDto)
  trades?: TradesControlDto

  /** What goes wrong from now on, in the place of what did; {} for nothing. */
  @Omittable()
  @ValidateBy({ name: 'isFaultPlan', validator: { validate: (value) => faultPlanProblem(value) === null, defaultMessage: (args) => `faults: ${faultPlanProblem(args?.value) ?? ''}` } })
  faults?: Partial<FaultPlan>
}

/** `GET /control/truth` */
export class TruthQueryDto {
  @IsIn(['earthquakes', 'trades'])
  stream!: 'earthquakes' | 'trades'

  /** What was served of the good records, or of the broken ones. */
  @Omittable()
  @IsIn(['good', 'broken'])
  kind: 'good' | 'broken' = 'good'

  /** The `next` of the page before; 0 from the beginning. */
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
