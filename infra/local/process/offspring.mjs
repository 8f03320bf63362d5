import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { sessionOf } from './processes.mjs'

/** In the environment of every supervised process: names it, for its descendants. */
export const markName = 'MILLRACE_SUPERVISED'

const about = (read) => {
  try {
    return read()
  } catch {
    // It has ended, or belongs to somebody else: then it is not ours.
    return undefined
  }
}

const worksIn = (pid, folder) => {
  const cwd = about(() => readlinkSync(`/proc/${pid}/cwd`))
  const real = about(() => realpathSync(folder))
  return cwd !== undefined && real !== undefined && `${cwd}/`.startsWith(`${real}/`)
}

const hasMark = (pid, mark) => about(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))?.split('\0').includes(`${markName}=${mark}`) === true

/**
 * What a supervised process has started and is still there, itself included: the members of its session, and whoever has its
 * mark. Both are needed: a process that renames itself overwrites its environment, and one that opens a session leaves ours.
 * `within` demands of the session's members that they work in a folder, for a number that may have been given again.
 */
export const offspringOf = ({ session, mark, within }) => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
  if (pid === process.pid) return false
  const its = sessionOf(pid)
  if (its === undefined) return false
  return (its === session && (within === undefined || worksIn(pid, within))) || hasMark(pid, mark)
})

/** Kills all of it but `but`, again while something is left; answers how many processes that were. */
export const endOffspring = async (of, { but, withinMs = 5_000 } = {}) => {
  const seen = new Set()
  for (const deadline = Date.now() + withinMs; ; await pause(20)) {
    const left = offspringOf(of).filter((pid) => pid !== but)
    for (const pid of left) {
      seen.add(pid)
      about(() => process.kill(pid, 'SIGKILL'))
    }
    if (left.length === 0 || Date.now() >= deadline) return seen.size
  }
}
