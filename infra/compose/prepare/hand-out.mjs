import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

const textOf = async (path) => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

/**
 * Makes a folder hold exactly these files, by their paths in it, readable by their group and written by nobody; answers the names of those that are
 * new or changed. Each appears in one step: a container that reads beside it sees the old text or the new one.
 */
export const handOut = async (folder, files) => {
  const changed = []
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    if (await textOf(path) === text) continue
    await mkdir(dirname(path), { recursive: true, mode: 0o750 })
    const fresh = join(dirname(path), `.${basename(path)}`)
    await rm(fresh, { force: true })
    await writeFile(fresh, text, { mode: 0o440 })
    await chmod(fresh, 0o440)
    await rename(fresh, path)
    changed.push(name)
  }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !(relative(folder, path) in files)) await rm(path, { force: true })
  }
  return changed
}
