import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator'

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Epoch milliseconds of an instant in ISO 8601 with an offset, finer digits cut off; null for what is none, such as 30 February. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string' || !pattern.test(value)) return null
  const [ms, midnight] = [Date.parse(value), Date.parse(`${value.slice(0, 10)}T00:00:00Z`)]
  return Number.isNaN(ms) || Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(value.slice(0, 10)) ? null : ms
}

export const IsInstant = (options: ValidationOptions): PropertyDecorator =>
  ValidateBy({ name: 'isInstant', validator: { validate: (value) => instantOf(value) !== null } }, options)

/** An instant after that of another member, at most so many days. */
export const IsAfter = (other: string, days: number, options: ValidationOptions): PropertyDecorator =>
  ValidateBy({
    name: 'isAfter',
    validator: {
      validate: (value, args?: ValidationArguments) => {
        const [from, to] = [instantOf((args?.object as Record<string, unknown> | undefined)?.[other]), instantOf(value)]
        return from === null || to === null || (to > from && to - from <= days * 86_400_000)
      },
    },
  }, options)
