import { configureLog } from '@millrace/observability'
import { processEnvironment, type Environment } from '@millrace/service'
import { MillraceError, type Catalogue } from '@millrace/stream-kit'
import { apply } from './commands/apply.ts'
import { check } from './commands/check.ts'
import type { Command, Surroundings } from './commands/command.ts'
import { generate } from './commands/generate.ts'
import { plan } from './commands/plan.ts'
import { documents } from './documents.ts'
import type { Target } from './running/change.ts'
import { targets } from './running/targets.ts'
import { Workspace } from './workspace.ts'
import { writeTo } from './write-to.ts'

const commands: Readonly<Record<string, { readonly run: Command; readonly about: string }>> = {
  generate: { run: generate, about: 'writes generated/, .env.example, docs/settings.md and docs/errors.md' },
  plan: { run: plan, about: 'shows what apply would change on Kafka and Cassandra' },
  apply: { run: apply, about: 'makes topics, roles, keyspace and tables; may be repeated' },
  check: { run: check, about: 'fails where a generated file is stale' },
}

const usage = `provision <command>\n\n${Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`).join('\n')}\n`

export interface ProvisionOptions {
  readonly catalogue: Catalogue
  readonly root?: string
  readonly env?: Environment
  readonly out?: (text: string) => void
  readonly err?: (text: string) => void
  /** For tests. */
  readonly parts?: Partial<Pick<Surroundings, 'documents'> & { readonly targets: (catalogue: Catalogue, env: Environment) => readonly Target[] }>
}

/** Runs one command and gives the exit code: 0 done, 1 refused or stale or unreachable, 2 no such command. */
export async function provision(args: readonly string[], options: ProvisionOptions): Promise<number> {
  const { catalogue, root = process.cwd(), env = processEnvironment(), out = writeTo(process.stdout), err = writeTo(process.stderr), parts = {} } = options
  const [name = '', ...others] = args
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command || others.length > 0) {
    err(usage)
    return 2
  }
  configureLog({ app: 'provision', level: 'error' })
  try {
    return await command.run({
      catalogue,
      env,
      workspace: () => new Workspace(root),
      documents: parts.documents ?? documents,
      targets: () => (parts.targets ?? targets)(catalogue, env),
      say: (line) => { out(`${line}\n`) },
    })
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    err(`${error.message}\n`)
    return 1
  }
}
