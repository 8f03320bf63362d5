import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface CheckpointFolder {
  /** `trades.v1.g3-0badcafe` */
  readonly name: string
  /** When anything was last written in it, epoch milliseconds. */
  readonly writtenAt: number
}

/** The checkpoints as this machine sees them. */
export class CheckpointFolders {
  /** Null where the checkpoints lie elsewhere, such as in an object store: nothing is looked at or removed there. */
  readonly root: string | null

  constructor(checkpoints: string) {
    this.root = checkpoints.startsWith('file:') ? fileURLToPath(checkpoints) : /^[a-z][a-z0-9+.-]+:\/\//i.test(checkpoints) ? null : checkpoints
  }

  /** Folders alone: what is a link leads elsewhere. */
  async list(): Promise<CheckpointFolder[]> {
    if (this.root === null) return []
    const { root } = this
    const entries = await unlessAbsent<Dirent[]>(() => readdir(root, { withFileTypes: true }), [])
    const folders = entries.filter((entry) => entry.isDirectory())
    return await Promise.all(folders.map(async ({ name }) => ({ name, writtenAt: await writtenAt(join(root, name)) })))
  }

  /** What a folder's files hold, in bytes. */
  async size(name: string): Promise<number> {
    return this.root === null ? 0 : await sizeOf(join(this.root, name))
  }

  /** Links in it are removed, not followed. */
  async remove(name: string): Promise<void> {
    if (this.root !== null) await rm(join(this.root, name), { recursive: true, force: true })
  }
}

/** A query writes in the folders of its checkpoint; that leaves the time of the checkpoint itself as it was. */
async function writtenAt(path: string): Promise<number> {
  const inside = await unlessAbsent(() => readdir(path), [])
  const times = await Promise.all([path, ...inside.map((name) => join(path, name))].map((one) => unlessAbsent<Stats | null>(() => lstat(one), null)))
  return Math.max(0, ...times.map((found) => found?.mtimeMs ?? 0))
}

async function sizeOf(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await unlessAbsent<Dirent[]>(() => readdir(path, { withFileTypes: true }), [])) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(inner)
    else bytes += (await unlessAbsent<Stats | null>(() => lstat(inner), null))?.size ?? 0
  }
  return bytes
}

/** Spark tidies its checkpoints up while they are looked at. */
async function unlessAbsent<T>(look: () => Promise<T>, absent: T): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return absent
    throw error
  }
}
