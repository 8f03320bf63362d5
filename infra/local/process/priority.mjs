import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const [usual, low] = [0, 10]
const lowered = new Set()
let isOver = false

/**
 * Processes of different sessions share the processor by the nice value of the session (/proc/<pid>/autogroup) where the kernel
 * groups them so, and by that of the process where it does not: both are set. A wish that is refused changes nothing but speed.
 */
const nice = (pid, value) => {
  for (const set of [() => setPriority(pid, value), () => writeFileSync(`/proc/${pid}/autogroup`, String(value))]) {
    try {
      set()
    } catch {
      // The process has ended, the kernel has no groups, or only root may raise a priority again.
    }
  }
}

/** Lets a process, which leads a session, and what it will start take the processor time that the others leave, for now. */
export const lowerPriority = (pid) => {
  if (isOver) return
  lowered.add(pid)
  nice(pid, low)
}

/** Takes that back. */
export const usualPriority = (pid) => {
  lowered.delete(pid)
  nice(pid, usual)
}

/** The others are up: nobody has to wait for them any longer, now or later. */
export const endPatience = () => {
  isOver = true
  lowered.forEach(usualPriority)
}
