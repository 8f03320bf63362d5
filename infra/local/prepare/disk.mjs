import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/** Free bytes where a path lies, or will lie. */
export const freeBytes = (path) => {
  let there = path
  while (!existsSync(there)) there = dirname(there)
  const { bavail, bsize } = statfsSync(there)
  return bavail * bsize
}

/** Fails when less than `needBytes` are free: an engine on a full disk dies with a stack trace instead. */
export const needDisk = (path, needBytes) => {
  const free = freeBytes(path)
  if (free < needBytes) throw new Error(`Only ${gib(free)} are free under ${path}; ${gib(needBytes)} are needed. Free some, or put the state elsewhere: MILLRACE_STATE=<folder> npm start.`)
}
