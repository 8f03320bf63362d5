import { readdirSync, readFileSync } from 'node:fs'

const titleOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has just ended.
    return ''
  }
}

/** The process in which Airflow runs a task instance: it carries its id in its title. Undefined while there is none. */
export function taskProcess(taskInstance: string): number | undefined {
  const pid = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((name) => titleOf(name).includes(`airflow worker -- ${taskInstance}`))
  return pid === undefined ? undefined : Number(pid)
}
