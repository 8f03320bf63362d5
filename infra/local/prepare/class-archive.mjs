import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A class-data archive spares a JVM the parsing of its classes at every later start. The first run writes it when it ends;
 * it belongs to exactly these jars, this JVM and these options, which are in its name.
 */
export const classArchive = ({ jars, javaVersion }, engine, stamp, options) => {
  const id = createHash('sha256').update([stamp, javaVersion, ...options].join('\0')).digest('hex').slice(0, 12)
  const archive = join(jars, 'archives', `${engine}-${id}.jsa`)
  const fresh = `${archive}.${process.pid}`
  return {
    flags: async () => {
      if (existsSync(archive)) return [`-XX:SharedArchiveFile=${archive}`]
      await mkdir(join(jars, 'archives'), { recursive: true })
      return [`-XX:ArchiveClassesAtExit=${fresh}`]
    },
    /** To be called when the process has ended: takes the archive into use if one was written. */
    keep: async () => { if (existsSync(fresh)) await rename(fresh, archive) },
  }
}
