import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this library throws. docs/errors.md is generated from it. */
export const serviceErrorCodes = {
  settings_invalid: {
    retry: 'never', means: 'One or more settings are missing or wrong.',
    remedy: 'Set each variable as the message says; docs/settings.md has them all.',
  },
  settings_conflict: {
    retry: 'never', means: 'Two settings tables declare one variable differently.',
    remedy: 'Declare it once and import the table.',
  },
  wait_timed_out: {
    retry: 'later', means: 'Something waited for did not come in time.',
    remedy: 'Read the cause: it tells the last attempt.',
  },
  keys_file_invalid: {
    retry: 'never', means: 'The file of accepted keys cannot be read. The keys read before stay in force.',
    remedy: 'Mend the file of MILLRACE_KEYS_FILE where the message says; it counts as soon as it changes.',
  },
  port_taken: {
    retry: 'never', means: 'Another process listens on the port.',
    remedy: 'Stop it, or choose another port with the variable that the message names.',
  },
  route_without_access: {
    retry: 'never', means: 'A route says nothing about who may call it.',
    remedy: 'Add @RequireScope or @OpenRead, or guardRoute for a raw one.',
  },
  stop_timed_out: {
    retry: 'never', means: 'A worker did not stop in time and was ended.',
    remedy: 'Report it: what it left open is a bug.',
  },
} as const satisfies ErrorCatalogue

/** What goes wrong in starting, guarding and stopping a worker. */
export class ServiceError extends MillraceError {
  declare readonly code: ServiceErrorCode

  constructor(code: ServiceErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: serviceErrorCodes[code].retry })
  }
}

type ServiceErrorCode = keyof typeof serviceErrorCodes

/** A ServiceError. */
export function serviceError(code: ServiceErrorCode, message: string, context: ErrorContext = {}): ServiceError {
  return new ServiceError(code, message, context)
}
