import type { LoggerService } from '@nestjs/common'
import { frameworkFailed, frameworkSaid, frameworkWarned } from './service.signals.ts'

/** What Nest itself says, as lines like all others; its chatter at start-up is for debugging. */
export const nestLogger: LoggerService = {
  log: (said: unknown, ...more: unknown[]) => { frameworkSaid({ said, more }) },
  debug: (said: unknown, ...more: unknown[]) => { frameworkSaid({ said, more }) },
  verbose: (said: unknown, ...more: unknown[]) => { frameworkSaid({ said, more }) },
  warn: (said: unknown, ...more: unknown[]) => { frameworkWarned({ said, more }) },
  error: (said: unknown, ...more: unknown[]) => {
    // What keeps a worker from starting is thrown as well, and told by `runService`.
    if (more.at(-1) === 'ExceptionHandler') frameworkSaid({ said, more })
    else frameworkFailed({ said, more })
  },
  fatal: (said: unknown, ...more: unknown[]) => { frameworkFailed({ said, more }) },
}
