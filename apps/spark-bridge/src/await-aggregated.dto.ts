import { Type } from 'class-transformer'
import { IsInt, IsOptional, Max, Min, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator'

const mostPartitions = 1_000

@ValidatorConstraint({ name: 'offsets' })
class AreOffsets implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const entries = Object.entries(value)
    return entries.length <= mostPartitions && entries.every(([partition, offset]) => /^\d{1,6}$/.test(partition) && isOffset(offset))
  }

  defaultMessage(): string {
    return `offsets must be an object of next offsets by partition, such as {"0": 812}, with at most ${mostPartitions} partitions`
  }
}

const isOffset = (value: unknown): boolean =>
  typeof value === 'string' ? /^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)) : typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export class AwaitAggregatedBody {
  /** Next offsets of the stream's topic by partition, as a run's `offsets` says them. */
  @Validate(AreOffsets)
  readonly offsets!: Readonly<Record<string, string | number>>
}

export class AwaitAggregatedQuery {
  /** The stream's version; the newest if it is left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly version?: number
}
