import { ValidateIf } from 'class-validator'

/** A member that may be left out. Unlike class-validator's `IsOptional` it lets no null through, which would look like a value. */
export function Omittable(): PropertyDecorator {
  return ValidateIf((_: object, value: unknown) => value !== undefined)
}
