import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startTicks } from '../process/processes.mjs'

const removeOthers = async (folder, engine, archive) => {
  for (const name of await readdir(folder)) {
    const writer = /\.jsa\.(\d+)$/.exec(name)?.[1]
    const isBeingWritten = writer !== undefined && startTicks(Number(writer)) !== undefined
    if (name.startsWith(`${engine}-`) && join(folder, name) !== archive && !isBeingWritten) await rm(join(folder, name), { force: true })
  }
}

/**
 * A class-data archive spares a JVM the parsing of its classes at every later start. The first run writes it when it ends;
 * it belongs to exactly these jars, this JVM and these options, which are in its name.
 */
export const classArchive = ({ jars, javaVersion }, engine, stamp, options) => {
  const id = createHash('sha256').update([stamp, javaVersion, ...options].join('\0')).digest('hex').slice(0, 12)
  const folder = join(jars, 'archives')
  const archive = join(folder, `${engine}-${id}.jsa`)
  const fresh = `${archive}.${process.pid}`
  return {
    flags: async () => {
      if (existsSync(archive)) return [`-XX:SharedArchiveFile=${archive}`]
      await mkdir(folder, { recursive: true })
      return [`-XX:ArchiveClassesAtExit=${fresh}`]
    },
    /** To be called when the process has ended: takes the archive into use if one was written, and removes the engine's older ones. */
    keep: async () => {
      if (!existsSync(fresh)) return
      await rename(fresh, archive)
      await removeOthers(folder, engine, archive)
    },
  }
}
