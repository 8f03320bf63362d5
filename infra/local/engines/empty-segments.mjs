import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const isSegment = (name) => /^CommitLog-\d+-\d+\.log$/.test(name)
const pieceBytes = 65_536

/** Whether a file has bytes, and all of them are 0. The first piece answers for every segment that was ever used. */
const isBlank = async (path) => {
  const file = await open(path)
  try {
    const piece = Buffer.alloc(pieceBytes)
    for (let size = 0; ; ) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, null)
      if (bytesRead === 0) return size > 0
      if (piece.subarray(0, bytesRead).some((byte) => byte !== 0)) return false
      size += bytesRead
    }
  } finally {
    await file.close()
  }
}

/**
 * Removes the segments of Cassandra's commit log in which nothing was ever written, and answers their names. Only while
 * Cassandra does not run.
 *
 * A full disk leaves them: the file has its length, but no block for its first page, so that writing the header there kills the
 * process (SIGBUS). Once there is a later segment Cassandra refuses to start over them ("Could not read commit log descriptor"),
 * however much room there is by then. Nothing is lost: the header comes before all else, so where there is none nothing was
 * acknowledged. One that has anything behind its missing header is left where it is, for a person to look at.
 */
export const removeEmptySegments = async (folder) => {
  const removed = []
  const names = await readdir(folder).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names.filter(isSegment)) {
    const path = join(folder, name)
    if (!await isBlank(path)) continue
    await rm(path)
    removed.push(name)
  }
  return removed
}
