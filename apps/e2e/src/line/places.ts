import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The workspace that these tests belong to. */
export const workspaceRoot = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

/** Jars are the same for every line: a line with a state folder of its own needs no second download. */
export const jarsFolder = join(workspaceRoot, '.millrace/jars')
