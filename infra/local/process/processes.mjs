import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has ended, or belongs to somebody else, or this system has no /proc: in each case there is nothing to know.
    return undefined
  }
}

/** The fields of /proc/<pid>/stat after the name, which may hold blanks and brackets; [0] is the state. */
const stat = (pid) => {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** When a process started, in ticks since boot. A number of a process is given again; the pair of both is not. */
export const startTicks = (pid) => {
  const fields = stat(pid)
  return fields === undefined || fields[0] === 'Z' ? undefined : Number(fields[19])
}

/** The session of a process that runs; undefined when it has ended. */
export const sessionOf = (pid) => {
  const fields = stat(pid)
  return fields === undefined || fields[0] === 'Z' ? undefined : Number(fields[3])
}

/** Whether exactly this process still runs. */
export const isRunning = ({ pid, ticks }) => typeof pid === 'number' && ticks !== undefined && ticks !== null && startTicks(pid) === ticks

const ticksPerSecond = 100

const kilobytes = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text ?? '')?.[1] ?? 0) * 1024

/**
 * Memory in bytes, processor seconds used, and seconds since the start; undefined when the process is gone. Memory is the
 * proportional share where the kernel tells it (PSS: what forks share counts once), else what is resident.
 */
export const usage = (pid) => {
  const fields = stat(pid)
  const status = read(`/proc/${pid}/status`)
  const uptime = read('/proc/uptime')
  if (fields === undefined || status === undefined || uptime === undefined) return undefined
  const upSeconds = Number(uptime.split(' ')[0]) - Number(fields[19]) / ticksPerSecond
  return {
    memoryBytes: kilobytes(read(`/proc/${pid}/smaps_rollup`), 'Pss') || kilobytes(status, 'VmRSS'),
    cpuSeconds: (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / ticksPerSecond,
    upSeconds,
  }
}

/** The same of a session: its leader, and all that has stayed in it. */
export const sessionUsage = (leader) => {
  const own = usage(leader)
  if (own === undefined) return undefined
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== leader && sessionOf(name) === leader)
  return others.map(usage).filter((one) => one !== undefined)
    .reduce((sum, { memoryBytes, cpuSeconds }) => ({ ...sum, memoryBytes: sum.memoryBytes + memoryBytes, cpuSeconds: sum.cpuSeconds + cpuSeconds }), own)
}

/** The command line of a process, as far as it can be read, cut to a line. */
export const commandOf = (pid) => read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim().slice(0, 160)

const listening = '0A'

/** Who listens on a port: { pid, command }, or undefined when that cannot be seen from here. */
export const portHolder = (port) => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => (read(table) ?? '').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === listening && columns[1]?.endsWith(`:${hex}`))
    .map((columns) => `socket:[${columns[9]}]`)
  if (sockets.length === 0) return undefined
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const held = readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`)))
      if (held) return { pid: Number(pid), command: commandOf(pid) }
    } catch {
      // Somebody else's process, or one that has just ended: it cannot be asked.
    }
  }
  return undefined
}
