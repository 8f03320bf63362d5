import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where distributions keep it: Debian in the folder of the architecture, others beside all libraries. */
const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib']
const library = 'faketime/libfaketime.so.1'

/** The library that lets a process believe in another time, or null. */
export function faketime(): string | null {
  const folders = roots.filter((root) => existsSync(root)).flatMap((root) => [root, ...readdirSync(root).filter((name) => name.endsWith('-linux-gnu')).map((name) => join(root, name))])
  return folders.map((folder) => join(folder, library)).find((path) => existsSync(path)) ?? null
}

/** Why no clock can be set wrong here, and what mends it; null where one can. */
export const missingFaketime = (found: string | null = faketime()): string | null =>
  found === null ? `there is no libfaketime: apt-get install libfaketime puts ${library} under ${roots.join(' or ')}` : null

/**
 * The environment of a process whose clock is off by so many minutes. The clock that only counts on stays as it is, as it does
 * on a machine whose time is wrong: timeouts and waits last as long as ever. Java waits by it in ways that the library, without
 * the last setting, takes for the other clock.
 */
export const wrongClock = (minutes: number, found: string | null = faketime()): Readonly<Record<string, string>> => ({
  LD_PRELOAD: found ?? '', FAKETIME: `${minutes < 0 ? '' : '+'}${minutes}m`, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_FORCE_MONOTONIC_FIX: '0', FAKETIME_DISABLE_SHM: '1',
})

/** Removes what the library leaves in shared memory when a process with a wrong clock is killed. */
export function forgetClock(pid: number): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(join('/dev/shm', name), { force: true })
}

/** By how many minutes a clock that shows this is off. */
export const minutesOff = (shown: number, now: number = Date.now()): number => Math.round((shown - now) / 60_000)
