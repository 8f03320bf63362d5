import { readdirSync, readFileSync } from 'node:fs'

/** What a process and everything it has forked have used and hold. */
export interface Usage {
  /** Processor seconds since the start: its own, of running descendants, and of those that have ended and were waited for. */
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** USER_HZ: ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100

interface Entry {
  readonly parent: number
  readonly usage: Usage
}

/**
 * Usage of a process tree. A child that ends between two looks moves from its own line to its parent's `cutime` and
 * `cstime`, so the sum over the tree misses no child that was waited for, however short it lived. `without` leaves out
 * children, with all of theirs, that are counted elsewhere.
 */
export function treeUsage(pid: number, { without = [] }: { without?: readonly number[] } = {}): Usage {
  const table = processTable()
  const members = treeOf(pid, table, without).flatMap((member) => table.get(member)?.usage ?? [])
  return { cpuSeconds: sum(members.map(({ cpuSeconds }) => cpuSeconds)), rssBytes: sum(members.map(({ rssBytes }) => rssBytes)) }
}

/** Memory of a process tree in bytes; what several processes share, such as that of forked ones, counts once. */
export const treeMemory = (pid: number): number => sum(treeOf(pid, processTable(), []).map(proportionalMemory))

function treeOf(pid: number, table: ReadonlyMap<number, Entry>, without: readonly number[]): number[] {
  const tree = [pid]
  for (const member of tree) for (const [child, { parent }] of table) if (parent === member && !without.includes(child)) tree.push(child)
  return tree
}

function proportionalMemory(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1_024
  } catch (error) {
    if (hasEnded(error)) return 0
    throw error
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function processTable(): Map<number, Entry> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return new Map(pids.flatMap((pid) => {
    const entry = readEntry(pid)
    return entry === null ? [] : [[pid, entry]]
  }))
}

function readEntry(pid: number): Entry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // The name, in brackets, may hold blanks and brackets itself: the rest follows the last one. Field 3, the state, is [0].
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number)
    const [userTime = 0, systemTime = 0, childrenUserTime = 0, childrenSystemTime = 0] = fields.slice(11, 15)
    return {
      parent: fields[1] ?? 0,
      usage: {
        cpuSeconds: (userTime + systemTime + childrenUserTime + childrenSystemTime) / ticksPerSecond,
        rssBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024,
      },
    }
  } catch (error) {
    if (hasEnded(error)) return null
    throw error
  }
}

const hasEnded = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
