import { MillraceError, type ErrorCatalogue, type ErrorContext } from '@millrace/stream-kit'

/** Every code that this program throws. docs/errors.md is generated from it. */
export const provisionErrorCodes = {
  provision_not_a_workspace: {
    retry: 'never', means: 'The working directory is not the root of the workspace.',
    remedy: 'Run it from the root.',
  },
  provision_refused: {
    retry: 'never', means: 'Something that runs cannot be changed into what is declared.',
    remedy: 'Declare the stream with a new version, or take the change back. Nothing was changed.',
  },
  provision_no_login: {
    retry: 'never', means: 'Neither our superuser nor the one of a new Cassandra can log in.',
    remedy: 'Put the password of the superuser into the file that MILLRACE_CASSANDRA_ADMIN_PASSWORD_FILE names.',
  },
  provision_login_pending: {
    retry: 'later', means: 'Cassandra refuses a role that has just been made.',
    remedy: 'None needed: its caches learn of the role within seconds.',
  },
  provision_documents_failed: {
    retry: 'never', means: 'The tables of settings or of errors could not be loaded to write their documents.',
    remedy: 'Mend the file that the message names.',
  },
} as const satisfies ErrorCatalogue

export type ProvisionErrorCode = keyof typeof provisionErrorCodes

export class ProvisionError extends MillraceError {
  declare readonly code: ProvisionErrorCode

  constructor(code: ProvisionErrorCode, message: string, context: ErrorContext = {}) {
    super(code, message, { ...context, retry: provisionErrorCodes[code].retry })
  }
}

export const notAWorkspace = (root: string): ProvisionError =>
  new ProvisionError('provision_not_a_workspace', `${root} is not the root of the workspace: it has no nx.json or no libs/streams. Run it from the root.`)

export const refused = (problems: readonly string[]): ProvisionError =>
  new ProvisionError('provision_refused', `Nothing was changed. ${problems.join(' ')}`, { fields: { problems } })

export const noLogin = (user: string, cause: unknown): ProvisionError =>
  new ProvisionError('provision_no_login', `Cassandra refuses ${user} and the user of a new cluster. Put the superuser's password into the file that MILLRACE_CASSANDRA_ADMIN_PASSWORD_FILE names, or, if it is lost, run npm run reset: it deletes all data.`, { cause })

export const documentsFailed = (program: string, output: string, cause: unknown): ProvisionError =>
  new ProvisionError('provision_documents_failed', `${program} failed: ${output}`, { cause })
