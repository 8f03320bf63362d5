import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { GeneratedFile } from './generated-file.ts'
import { settingsFailed } from './provision.errors.ts'

/** Where the documents of all settings go: beside the code, not under `generated/`, since people read them. */
export const settingsPaths = { envExample: '.env.example', settingsPage: 'docs/settings.md' } as const

const program = 'apps/provision/tools/settings-documents.mjs'

/**
 * `.env.example` and the settings page, from the tables of every app and library. An app cannot import another one, so
 * a program of its own loads them from source.
 */
export async function settingsFiles(root: string): Promise<GeneratedFile[]> {
  const { envExample, settingsPage } = await load(root)
  return [{ path: settingsPaths.envExample, text: envExample }, { path: settingsPaths.settingsPage, text: settingsPage }]
}

async function load(root: string): Promise<{ envExample: string; settingsPage: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', './tools/swc-loader.mjs', program], { cwd: root, timeout: 60_000, maxBuffer: 4 * 1024 * 1024 })
    return JSON.parse(stdout) as { envExample: string; settingsPage: string }
  } catch (cause) {
    throw settingsFailed(String((cause as { stderr?: unknown }).stderr ?? cause), cause)
  }
}
