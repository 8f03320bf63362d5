import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { notAWorkspace } from './provision.errors.ts'
import type { GeneratedFile } from './generated-file.ts'

const folder = 'generated'

/** The workspace on disk: where generated files are read and written. Paths are relative to its root. */
export class Workspace {
  /** Throws ProvisionError where the folder is no workspace: generated files would land anywhere. */
  constructor(readonly root: string) {
    if (!existsSync(join(root, 'nx.json')) || !existsSync(join(root, 'libs/streams'))) throw notAWorkspace(root)
  }

  /** The texts by path: everything under `generated/`, and of the other paths those that exist. */
  async read(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const all = new Set([...await this.#generated(), ...paths.filter((path) => existsSync(join(this.root, path)))])
    return new Map(await Promise.all([...all].sort().map(async (path) => [path, await readFile(join(this.root, path), 'utf8')] as const)))
  }

  async write(file: GeneratedFile): Promise<void> {
    const path = join(this.root, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.text)
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path))
  }

  async #generated(): Promise<string[]> {
    const root = join(this.root, folder)
    if (!existsSync(root)) return []
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => relative(this.root, join(entry.parentPath, entry.name)))
  }
}
