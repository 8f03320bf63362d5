import { useEffect, useMemo, useState, type ReactNode } from 'react'
import type { LedgerAnswer, StreamAnswer } from './api/answers.ts'
import { readJson } from './api/read-json.ts'
import { ConnectionMark } from './connection/connection-mark.tsx'
import { connectionOf, staleText } from './connection/connection-words.ts'
import { ProblemNote } from './connection/problem-note.tsx'
import { useNow } from './connection/use-now.ts'
import type { FeedState } from './feed/feed-state.ts'
import { readLedger, unbalancedOf } from './ledger/read-ledger.ts'
import { useOtherLedgers } from './ledger/use-other-ledgers.ts'
import { usePolled } from './poll/use-polled.ts'
import { useRoute } from './route/use-route.ts'
import { StreamPage } from './stream-page.tsx'
import { StreamList } from './streams/stream-list.tsx'
import { streamKey, streamOf } from './streams/stream-key.ts'
import { streamState } from './streams/stream-state.ts'

const streamsEveryMs = 2_000
const ledgerEveryMs = 20_000

/** The page: the streams, and all of the one that the address names. */
export function App(): ReactNode {
  const route = useRoute()
  const now = useNow()
  const read = useMemo(() => readJson({ fetch: window.fetch.bind(window), baseUri: document.baseURI, now: () => Date.now() }), [])
  const [feed, setFeed] = useState<FeedState | null>(null)
  const polled = usePolled({ key: 'streams', everyMs: streamsEveryMs, read: (signal) => read<{ readonly data: readonly StreamAnswer[] }>('v1/streams', signal) })
  const streams = polled.value?.data ?? []
  const stream = streamOf(streams, route)
  const view = stream && (route.view === null ? stream.views[0] : stream.views.find(({ name }) => name === route.view))
  const key = stream && streamKey(stream)
  // Whoever is in trouble is asked by one poll alone; when that answers again, so are the others, at once.
  const isAway = polled.problem !== null
  const ledger = usePolled<LedgerAnswer>({ key, everyMs: ledgerEveryMs, isResting: isAway, read: (signal) => (stream ? readLedger(read, stream, signal) : Promise.reject(new Error('no stream is chosen'))) })
  const others = useOtherLedgers(streams, { but: key, read, isResting: isAway })
  useEffect(() => { document.title = stream ? `${stream.name} · Millrace` : 'Millrace' }, [stream?.name])

  const stale = staleText(polled, { now, everyMs: streamsEveryMs })
  const connection = connectionOf({ feed: view ? feed : null, polled, now })
  const unbalanced = (one: StreamAnswer): number | null => (streamKey(one) === key && ledger.value ? unbalancedOf(ledger.value) : (others.get(streamKey(one)) ?? null))
  return (
    <div className="page">
      <header className="top">
        <a className="brand" href="#/">Millrace</a>
        <ConnectionMark connection={connection} />
      </header>
      {streams.length > 0 && <StreamList streams={streams} chosen={stream} stateOf={(one) => streamState({ stream: one, unbalanced: unbalanced(one), isStale: stale !== null })} />}
      <main>
        {connection.problem && <ProblemNote problem={connection.problem} more={connection.sentence} />}
        {polled.value === null && !polled.problem && <p className="empty">Asking query-api…</p>}
        {polled.value !== null && !view && <p className="empty">{absence({ streams, stream, route })}</p>}
        {stream && view && <StreamPage stream={stream} view={view} route={route} read={read} now={now} streams={polled} streamsEveryMs={streamsEveryMs} ledger={ledger} ledgerEveryMs={ledgerEveryMs} onFeed={setFeed} isTroubled={connection.problem !== null} />}
      </main>
      <footer>
        <a href="docs">API</a> <a href="openapi.json">openapi.json</a> <span>All times are UTC.</span>
      </footer>
    </div>
  )
}

interface Absence {
  readonly streams: readonly StreamAnswer[]
  readonly stream: StreamAnswer | null
  readonly route: { readonly stream: string | null; readonly view: string | null }
}

/** Why nothing is shown. */
function absence({ streams, stream, route }: Absence): string {
  if (streams.length === 0) return 'No stream is declared.'
  if (!stream) return `There is no stream '${route.stream ?? ''}'. Choose one of the list.`
  return stream.views.length === 0 ? `Stream '${stream.name}' has no view.` : `Stream '${stream.name}' has no view '${route.view ?? ''}'. There is ${stream.views.map(({ name }) => name).join(', ')}.`
}
