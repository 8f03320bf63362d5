import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const rotateAtBytes = 20 * 1024 * 1024

const sizeOf = (file) => {
  try {
    return statSync(file).size
  } catch (error) {
    if (error.code === 'ENOENT') return 0
    throw error
  }
}

/** Opens a process's log for appending; one that has grown large is kept once more as `<file>.1`. */
export const openLog = (file) => {
  if (sizeOf(file) > rotateAtBytes) renameSync(file, `${file}.1`)
  return { fd: openSync(file, 'a', 0o600), from: sizeOf(file) }
}

/** The last lines of a file, read from its end, none of them from before `from`. */
export const lastLines = (file, count, from = 0) => {
  const size = sizeOf(file)
  const start = Math.max(from, size - 64 * 1024)
  if (size <= start) return []
  const fd = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(size - start)
    const length = readSync(fd, bytes, 0, bytes.length, start)
    const lines = bytes.subarray(0, length).toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    if (start > from) lines.shift()
    return lines.slice(-count)
  } finally {
    closeSync(fd)
  }
}
