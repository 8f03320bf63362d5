import { MillraceError } from '@millrace/stream-kit'

/** Every code that this program throws, with what it means. */
export const provisionErrorCodes = {
  provision_not_a_workspace: 'The working directory is not the root of the workspace.',
  provision_refused: 'Something that runs cannot be changed into what is declared.',
  provision_no_login: 'Neither our superuser nor the one of a new Cassandra can log in.',
  provision_settings_failed: 'The settings tables could not be loaded to write their documents.',
} as const

export type ProvisionErrorCode = keyof typeof provisionErrorCodes

export class ProvisionError extends MillraceError {
  declare readonly code: ProvisionErrorCode
}

export const notAWorkspace = (root: string): ProvisionError =>
  new ProvisionError('provision_not_a_workspace', `${root} is not the root of the workspace: it has no nx.json or no libs/streams. Run it from the root.`)

export const refused = (problems: readonly string[]): ProvisionError =>
  new ProvisionError('provision_refused', `Nothing was changed. ${problems.join(' ')}`, { fields: { problems } })

export const noLogin = (user: string, cause: unknown): ProvisionError =>
  new ProvisionError('provision_no_login', `Cassandra refuses ${user} and the user of a new cluster. Put the superuser's password into the file that MILLRACE_CASSANDRA_ADMIN_PASSWORD_FILE names, or, if it is lost, run npm run reset: it deletes all data.`, { cause })

export const settingsFailed = (output: string, cause: unknown): ProvisionError =>
  new ProvisionError('provision_settings_failed', `The settings tables cannot be loaded: ${output}`, { cause })
