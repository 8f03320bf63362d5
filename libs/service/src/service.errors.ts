import { MillraceError, type ErrorDetails } from '@millrace/stream-kit'

/** Every code this library throws, and what to do about it. */
export const serviceErrorCodes = {
  settings_invalid: 'One or more settings are missing or wrong; the message lists all of them with their cure.',
  settings_conflict: 'Two settings tables declare one variable differently; declare it once and import the table.',
  wait_timed_out: 'Something waited for did not come in time; the cause tells the last attempt.',
  keys_file_invalid: 'The file of accepted keys cannot be read; the message says where. The keys read before stay in force.',
  port_taken: 'Another process listens on the port; stop it, or choose another port.',
  route_without_access: 'A route says nothing about who may call it; add @RequireScope or @OpenRead, or guardRoute for a raw one.',
  stop_timed_out: 'A worker did not stop in time and was ended; what it left open is a bug.',
} as const

/** What goes wrong in starting, guarding and stopping a worker. */
export class ServiceError extends MillraceError {
  declare readonly code: keyof typeof serviceErrorCodes
}

/** A ServiceError; the only way to make one, so that no code is missing from the catalogue. */
export function serviceError(code: keyof typeof serviceErrorCodes, message: string, details: ErrorDetails = {}): ServiceError {
  return new ServiceError(code, message, details)
}
