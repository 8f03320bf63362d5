import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { ViewAnswer } from '../api/answers.ts'
import { explainRefusal } from '../feed/explain-refusal.ts'
import { isSilent } from '../feed/is-silent.ts'
import { LiveFeed } from '../feed/live-feed.ts'
import { Narrowing } from '../feed/narrowing.ts'
import { browserClock } from '../time/clock.ts'
import { LiveRows, type LiveRowsShown } from './live-rows.ts'
import { newestStart } from './newest-rows.ts'

/** A page shows news at most so often: what comes faster is not read anyway. */
const showEveryMs = 250
/** A browser has six connections to one place, and a hidden tab should hold none of them for long. */
const hiddenMs = 30_000

interface AskedRows {
  readonly view: ViewAnswer
  /** Where the feed is, of the windows that start at `from` or later. The same `key` stands for the same feed. */
  readonly key: string
  readonly pathFrom: (from: number | null) => string
  /** The start of the newest window as far as is known before any row has come. */
  readonly newest: number | null
  readonly backMs: number
  /** What the polls know of the rows; a feed that does not tell it is opened anew. */
  readonly finalUntil: number | null
}

/** What a live feed has brought, while the component is shown; the feed is closed while its tab is hidden for long. */
export function useLiveRows(asked: AskedRows): LiveRowsShown {
  const { key, view, finalUntil } = asked
  const last = useRef(asked)
  last.current = asked
  const current = useRef<LiveFeed | null>(null)
  const rows = useMemo(() => new LiveRows({ view, now: () => Date.now(), soon: inNextFrame, feed: { is: 'connecting', since: Date.now() } }), [key])
  useEffect(() => {
    const narrowing = new Narrowing()
    const url = (): URL => {
      const { pathFrom, newest, backMs } = last.current
      const end = newestStart(rows.shown().groups) ?? newest
      return new URL(pathFrom(end === null ? null : end - narrowing.of(backMs)), document.baseURI)
    }
    const feed = new LiveFeed({
      onReset: rows.onReset, onRow: rows.onRow, onProgress: rows.onProgress, onState: rows.onState,
      open: () => new EventSource(url()),
      explain: async () => {
        const problem = await explainRefusal(url(), { fetch: window.fetch.bind(window) })
        return narrowing.doesMend(problem) ? null : problem
      },
      clock: browserClock, random: Math.random,
    })
    let cancel = (): void => undefined
    const look = (): void => {
      cancel()
      if (document.hidden) cancel = browserClock.after(hiddenMs, () => { feed.stop() })
      else if (feed.state.is === 'resting') feed.start()
    }
    current.current = feed
    feed.start()
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      cancel()
      current.current = null
      feed.stop()
    }
  }, [rows])
  useEffect(() => { if (isSilent(rows.shown(), { finalUntil, now: Date.now() })) current.current?.start() }, [rows, finalUntil])
  return useSyncExternalStore(rows.subscribe, rows.shown)
}

const inNextFrame = (run: () => void): void => { setTimeout(() => { requestAnimationFrame(run) }, showEveryMs) }
