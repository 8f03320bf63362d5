import { ValidationPipe, type ValidationError } from '@nestjs/common'
import { serviceProblem } from './service.problems.ts'

/** Checks bodies and queries against their class: unknown members are refused, nothing is converted without being told to. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => serviceProblem('invalid_request', {
      detail: 'One or more members of the body or the query are missing, unknown or wrong; "errors" lists them.',
      errors: errors.flatMap((error) => told(error, '')),
    }),
  })
}

function told(error: ValidationError, path: string): { field: string, detail: string }[] {
  const field = path === '' ? error.property : `${path}.${error.property}`
  const own = Object.values(error.constraints ?? {}).map((detail) => ({ field, detail }))
  return [...own, ...(error.children ?? []).flatMap((child) => told(child, field))]
}
