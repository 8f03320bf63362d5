import { letterReasons, readDeadLetterId } from '@millrace/stream-kit'
import { Omittable } from '@millrace/service'
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsString, MaxLength, ValidateBy, type ValidationArguments } from 'class-validator'
import { instantOf, IsInstant } from '../runs/instant.decorators.ts'
import { mappingProblem } from './mapping.ts'

const reasons = Object.entries(letterReasons).flatMap(([reason, { store }]) => (store === 'dead-letters' ? [reason] : []))

const IsLetterId = (): PropertyDecorator =>
  ValidateBy({ name: 'isLetterId', validator: { validate: (value) => typeof value === 'string' && readDeadLetterId(value) !== null, defaultMessage: () => 'ids must hold ids of dead letters, as GET /v1/streams/<stream>/dead-letters of the query API lists them' } }, { each: true })

const IsMapping = (): PropertyDecorator =>
  ValidateBy({ name: 'isMapping', validator: { validate: (value) => mappingProblem(value) === null, defaultMessage: (args?: ValidationArguments) => `mapping: ${mappingProblem(args?.value) ?? ''}` } })

const IsBefore = (): PropertyDecorator =>
  ValidateBy({
    name: 'isBefore',
    validator: {
      validate: (value, args?: ValidationArguments) => {
        const [from, to] = [instantOf(value), instantOf((args?.object as Record<string, unknown> | undefined)?.['to'])]
        return from === null || to === null || from < to
      },
      defaultMessage: () => 'from must be before to',
    },
  })

/**
 * What `POST /v1/streams/<stream>/dead-letters/redrive` may say. Without ids all open letters that arrived in the range are meant, of these reasons
 * or of all but `revised`.
 */
export class RedriveDto {
  /** Only say what would be judged how. */
  @Omittable()
  @IsBoolean()
  dryRun?: boolean

  @Omittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsLetterId()
  ids?: string[]

  @Omittable()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(reasons, { each: true, message: `reasons must hold reasons of dead letters: ${reasons.join(', ')}` })
  reasons?: string[]

  /** Of arrival. */
  @Omittable()
  @IsInstant({ message: 'from must be an instant with an offset, such as 2018-02-01T00:00:00Z' })
  @IsBefore()
  from?: string

  /** Exclusive. Letters that arrive after the request are never meant. */
  @Omittable()
  @IsInstant({ message: 'to must be an instant with an offset, such as 2018-02-02T00:00:00Z' })
  to?: string

  /** Changes of each record before it is judged, one after the other. */
  @Omittable()
  @IsMapping()
  mapping?: unknown[]

  /** Also letters that have failed too often. */
  @Omittable()
  @IsBoolean()
  retryExhausted?: boolean

  /** Why, for whoever reads the log. */
  @Omittable()
  @IsString()
  @MaxLength(200)
  reason?: string
}
