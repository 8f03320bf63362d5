import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Processes, ProcessName } from './processes.ts'

const wholeBytes = 512 * 1_048_576
const page = 4_096
/** Who has filled the disk takes what is left when it is no more than this, and what becomes free later. */
const leftBytes = 16 * page
const lookEveryMs = 50
const busyForMs = 10_000

/** A folder of an engine on a disk of its own, in memory, on which a drill can let the room run out. */
export class SmallDisk {
  #isThere = false
  #isFull = false
  #others: ReturnType<typeof setInterval> | undefined

  private constructor(private readonly processes: Processes, private readonly engine: ProcessName, readonly folder: string) {}

  /** kill -9 of the engine; the next one finds all that the folder held on a disk of its own, until `putBack` or the end of the drill. */
  static async under(bench: DrillBench, engine: ProcessName, folder: string): Promise<SmallDisk> {
    const disk = new SmallDisk(bench.processes, engine, folder)
    bench.finally(() => disk.putBack())
    unmountAtExit(folder)
    await disk.#whileAway(() => {
      renameSync(folder, beside(folder))
      mkdirSync(folder, { mode: 0o700 })
      mount(folder, wholeBytes)
      disk.#isThere = true
      copyAll(beside(folder), folder)
      rmSync(beside(folder), { recursive: true })
    })
    return disk
  }

  get isFull(): boolean {
    return this.#isFull
  }

  /**
   * Leaves only so much room, as if others had filled the disk. Once nearly all of it is used they take the rest, and whatever
   * the engine may give up, until `makeRoom`.
   */
  fill(roomBytes: number): void {
    this.#shrink(roomBytes)
    this.#others = setInterval(() => {
      const { bfree, bsize } = statfsSync(this.folder)
      this.#isFull ||= bfree * bsize <= leftBytes
      if (this.#isFull && bfree > 0) this.#shrink(0)
    }, lookEveryMs)
  }

  /** What an operator does about it. */
  makeRoom(): void {
    clearInterval(this.#others)
    this.#isFull = false
    mount(this.folder, wholeBytes, 'remount')
  }

  /** kill -9 once more; all that was written lies where it lay before. */
  async putBack(): Promise<void> {
    if (!this.#isThere) return
    this.#isThere = false
    this.makeRoom()
    const { folder } = this
    try {
      await this.#whileAway(async () => {
        mkdirSync(beside(folder), { mode: 0o700 })
        copyAll(folder, beside(folder))
        await unmounted(folder)
        rmdirSync(folder)
        renameSync(beside(folder), folder)
      })
    } finally {
      unmountUnder(folder)
    }
  }

  #shrink(roomBytes: number): void {
    const { blocks, bfree, bsize } = statfsSync(this.folder)
    try {
      mount(this.folder, (blocks - bfree) * bsize + roomBytes, 'remount')
    } catch (error) {
      // The engine has written between the two, and the disk is no smaller than what lies on it: the next look does it.
      if (!this.#others) throw error
    }
  }

  async #whileAway(work: () => Promise<void> | void): Promise<void> {
    const next = await this.processes.killAndHold(this.engine)
    try {
      await work()
    } finally {
      next.goOn()
    }
  }
}

/** Why no small disk can be had here, and what mends it; null where one can. */
export function missingSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-mount-'))
  try {
    mount(folder, page)
    umount(folder)
    return null
  } catch (error) {
    return `a small disk (tmpfs) cannot be mounted here: ${saidByMount(error)}. Run the drills as root: sudo npm run drill -- F17`
  } finally {
    rmdirSync(folder)
  }
}

/** Takes away what drills have left mounted in a folder, or at it; those who still use it keep what they have open. */
export function unmountUnder(folder: string): void {
  for (const path of mountedUnder(folder, readFileSync('/proc/self/mounts', 'utf8'))) umount(path, '--lazy')
}

/** Where something is mounted in a folder, or at it, by a table of mounts; the last first. A blank in a path is `\\040` there. */
export function mountedUnder(folder: string, mounts: string): string[] {
  const root = resolve(folder)
  const paths = mounts.split('\n').flatMap((line) => line.split(' ')[1] ?? []).map((path) => path.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
  return paths.filter((path) => path === root || path.startsWith(`${root}/`)).reverse()
}

const beside = (folder: string): string => `${folder}.aside`

/** Files with holes keep them: the logs of Kafka and Cassandra are mostly holes. */
const copyAll = (from: string, to: string): void => { run('cp', ['--archive', '--sparse=always', `${from}/.`, to]) }

const mount = (folder: string, bytes: number, ...options: readonly string[]): void => {
  run('mount', ['-t', 'tmpfs', '-o', [...options, `size=${bytes}`, 'mode=0700'].join(','), 'tmpfs', folder])
}
const umount = (folder: string, ...options: readonly string[]): void => { run('umount', [...options, folder]) }

const run = (file: string, args: readonly string[]): unknown => execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })

/** A process that was killed just now may hold it for a moment more. */
async function unmounted(folder: string): Promise<void> {
  for (const until = Date.now() + busyForMs; ;) {
    try {
      umount(folder)
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(100)
    }
  }
}

/** What `mount` says, without the hint after it. */
export const saidByMount = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return (/^u?mount: .*$/m.exec(text)?.[0] ?? text.split('\n')[0] ?? '').replace(/\.$/, '')
}

const atExit = new Set<string>()
process.once('exit', () => { for (const folder of atExit) unmountUnder(folder) })
const unmountAtExit = (folder: string): void => { atExit.add(folder) }
