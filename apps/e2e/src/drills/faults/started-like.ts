import { readFileSync, readlinkSync } from 'node:fs'

/** How a process was started. */
export interface Started {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** What it takes to start another process like one that runs. */
export function startedLike(pid: number): Started {
  const [file = '', ...args] = nulls(`/proc/${pid}/cmdline`)
  const env = Object.fromEntries(nulls(`/proc/${pid}/environ`).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]))
  return { file, args, env, cwd: readlinkSync(`/proc/${pid}/cwd`) }
}

/** Set for a process that is to go on when the one that it is like ends: by this the launcher finds what ends together. */
export const goesOnAlone: Readonly<Record<string, string>> = { MILLRACE_SUPERVISED: '' }

const nulls = (path: string): string[] => readFileSync(path, 'utf8').split('\0').filter((text) => text !== '')
