import { systemClock, type Clock } from '@millrace/service'

/** What is replaced, so that no code of the line can see this machine's time or chance. */
interface Replaced {
  readonly clock: Clock
  readonly random: () => number
  /** Somebody has asked for a timer of this machine. */
  readonly onRealTimer: (name: string) => void
}

const timers = ['setTimeout', 'setInterval', 'setImmediate'] as const

/** Replaces the clock, chance and timers of the process; answers how to put them back. */
export function replaceGlobals({ clock, random, onRealTimer }: Replaced): () => void {
  const before = { clock: { ...systemClock }, now: Date.now, random: Math.random, timers: timers.map((name) => [name, globalThis[name]] as const) }
  Object.assign(systemClock, clock)
  Date.now = () => clock.now()
  Math.random = random
  for (const [name, real] of before.timers) {
    const trap = (...args: readonly unknown[]): unknown => {
      onRealTimer(name)
      return (real as (...all: readonly unknown[]) => unknown)(...args)
    }
    Object.assign(globalThis, { [name]: trap })
  }
  return () => {
    Object.assign(systemClock, before.clock)
    Date.now = before.now
    Math.random = before.random
    for (const [name, real] of before.timers) Object.assign(globalThis, { [name]: real })
  }
}
