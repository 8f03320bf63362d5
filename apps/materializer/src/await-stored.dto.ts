import { IsInt, IsOptional, Max, Min, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator'
import { Type } from 'class-transformer'

const mostPartitions = 1_000

@ValidatorConstraint({ name: 'offsets' })
class AreOffsets implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const entries = Object.entries(value)
    return entries.length <= mostPartitions && entries.every(([partition, offset]) => isPartition(partition) && isOffset(offset))
  }

  defaultMessage(): string {
    return `offsets must be an object of next offsets by partition, such as {"0": 812}, with at most ${mostPartitions} partitions`
  }
}

const isPartition = (text: string): boolean => /^\d{1,6}$/.test(text)

const isOffset = (value: unknown): boolean => (typeof value === 'string' ? /^\d{1,16}$/.test(value) : true) && Number.isSafeInteger(Number(value)) && Number(value) >= 0 && (typeof value === 'string' || typeof value === 'number')

export class AwaitStoredBody {
  /** Next offsets of the stream's topic by partition, as a run's `offsets` says them. */
  @Validate(AreOffsets)
  readonly offsets!: Readonly<Record<string, string | number>>
}

export class AwaitStoredQuery {
  /** The stream's version; the newest if it is left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly version?: number
}
