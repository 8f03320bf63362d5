import { useEffect, useRef, useState } from 'react'
import type { Reading } from '../api/read-json.ts'
import { browserClock } from '../time/clock.ts'
import { PollLoop, type Polled } from './poll-loop.ts'

const nothing: Polled<never> = { value: null, at: null, serverAheadMs: 0, problem: null, failingSince: null }

interface Asked<T> {
  /** Names what is read: another key begins anew, and what was known of the one before is forgotten. Null: nothing is read. */
  readonly key: string | null
  readonly everyMs: number
  readonly read: (signal: AbortSignal) => Promise<Reading<T>>
  /** Nothing is read for now; when this ends, at once. */
  readonly isResting?: boolean
}

/** What a poll knows, while the component is shown and its tab is looked at. */
export function usePolled<T>({ key, everyMs, read, isResting = false }: Asked<T>): Polled<T> {
  const [known, setKnown] = useState<{ readonly key: string | null; readonly polled: Polled<T> }>({ key, polled: nothing })
  const rests = useRef(isResting)
  const look = useRef<() => void>(() => undefined)
  useEffect(() => {
    if (key === null) return
    const loop = new PollLoop<T>({ read, everyMs, clock: browserClock, random: Math.random, onChange: (polled) => { setKnown({ key, polled }) } })
    const watch = (): void => { loop.watch(!document.hidden && !rests.current) }
    look.current = watch
    watch()
    document.addEventListener('visibilitychange', watch)
    return () => {
      document.removeEventListener('visibilitychange', watch)
      look.current = () => undefined
      loop.stop()
    }
    // The key stands for what `read` reads.
  }, [key, everyMs])
  useEffect(() => {
    rests.current = isResting
    look.current()
  }, [isResting])
  return known.key === key ? known.polled : nothing
}
