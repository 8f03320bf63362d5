import { closeSync, copyFileSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs'

const rotateAtBytes = 50 * 1024 * 1024

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

/** The same for a log that a process has open; the few lines that it writes meanwhile may be lost. */
export const trimLog = (file, atBytes = rotateAtBytes) => {
  if (sizeOf(file) <= atBytes) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

/** The last lines of a file, read from its end, none of them from before `from` unless the log was cut meanwhile. */
export const lastLines = (file, count, from = 0) => {
  const size = sizeOf(file)
  const first = from > size ? 0 : from
  const start = Math.max(first, size - 64 * 1024)
  if (size <= start) return []
  const fd = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(size - start)
    const length = readSync(fd, bytes, 0, bytes.length, start)
    const lines = bytes.subarray(0, length).toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    if (start > first) lines.shift()
    return lines.slice(-count)
  } finally {
    closeSync(fd)
  }
}
