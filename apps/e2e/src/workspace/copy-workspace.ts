import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Copies the workspace as a clone would have it, edits that are not committed included, into a temporary folder, with
 * `node_modules` of its own: its links to the libraries lead into the copy. Removing it is up to the caller; the folder is
 * the same for the same workspace and purpose, so that what a killed run has left goes with the next one.
 */
export function copyWorkspace(root: string, purpose: string): string {
  const copy = join(tmpdir(), `millrace-${purpose}-${hash('sha256', root).slice(0, 8)}`)
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { mode: 0o700 })
  try {
    const files = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    for (const file of new Set(files.split('\0'))) if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file))
    copyModules(root, copy)
    return copy
  } catch (error) {
    rmSync(copy, { recursive: true, force: true })
    throw error
  }
}

/** Hard links take half a second and no space; where the two folders are on different disks, the files are copied. */
function copyModules(root: string, copy: string): void {
  const from = join(root, 'node_modules')
  const to = join(copy, 'node_modules')
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' })
  } catch {
    rmSync(to, { recursive: true, force: true })
    execFileSync('cp', ['-a', from, to])
  }
}
