import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { GeneratedFile } from './generated-file.ts'
import { documentsFailed } from './provision.errors.ts'

const program = 'apps/provision/tools/documents.mjs'

/**
 * `.env.example` and the pages of settings and errors, from the tables of every app and library. They lie beside the
 * code, not under `generated/`, since people read them. An app cannot import another one, so a program of its own loads
 * them from source.
 */
export async function documents(root: string): Promise<GeneratedFile[]> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', './tools/swc-loader.mjs', program], { cwd: root, timeout: 60_000, maxBuffer: 4 * 1024 * 1024 })
    return JSON.parse(stdout) as GeneratedFile[]
  } catch (cause) {
    throw documentsFailed(program, String((cause as { stderr?: unknown }).stderr ?? cause), cause)
  }
}
