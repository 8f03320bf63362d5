import type { Environment } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import type { GeneratedFile } from '../generated-file.ts'
import type { Target } from '../running/change.ts'
import type { Workspace } from '../workspace.ts'

/** What a command works with. Workspace and targets are made when they are asked for: not every command needs both. */
export interface Surroundings {
  readonly catalogue: Catalogue
  readonly workspace: () => Workspace
  /** `.env.example` and the pages of settings and errors, from the source under this root. */
  readonly documents: (root: string) => Promise<readonly GeneratedFile[]>
  readonly targets: () => readonly Target[]
  readonly env: Environment
  /** One line for people. */
  readonly say: (line: string) => void
}

/** Does its work and gives the exit code. */
export type Command = (surroundings: Surroundings) => Promise<number>
