import { spanMs, type Span } from '@millrace/stream-kit'
import { useEffect, type ReactNode } from 'react'
import type { LedgerAnswer, StreamAnswer, ViewAnswer } from './api/answers.ts'
import { livePath } from './api/paths.ts'
import type { Read } from './api/read-json.ts'
import { ChartPanel } from './chart/chart-panel.tsx'
import { windowsBack } from './chart/windows-back.ts'
import { staleText } from './connection/connection-words.ts'
import { ProblemNote } from './connection/problem-note.tsx'
import { FollowEvent } from './event/follow-event.tsx'
import type { FeedState } from './feed/feed-state.ts'
import { LedgerPanel } from './ledger/ledger-panel.tsx'
import { KeptPanel } from './letters/kept-panel.tsx'
import { readKept } from './letters/read-letters.ts'
import { LinePanel } from './line/line-panel.tsx'
import { usePolled } from './poll/use-polled.ts'
import type { Polled } from './poll/poll-loop.ts'
import type { Route } from './route/hash-route.ts'
import { useLiveRows } from './rows/use-live-rows.ts'
import { streamKey } from './streams/stream-key.ts'
import { ViewPicker } from './streams/view-picker.tsx'
import { WindowsPanel } from './windows/windows-panel.tsx'

const keptEveryMs = 15_000

interface StreamPageProps {
  readonly stream: StreamAnswer
  readonly view: ViewAnswer
  readonly route: Route
  readonly read: Read
  readonly now: number
  readonly streams: Polled<unknown>
  readonly streamsEveryMs: number
  readonly ledger: Polled<LedgerAnswer>
  readonly ledgerEveryMs: number
  readonly onFeed: (feed: FeedState) => void
  /** Something is wrong with the whole page, and is said once above it. */
  readonly isTroubled: boolean
}

/** All that is known of one stream, and of one of its views. */
export function StreamPage({ stream, view, route: asked, read, now, streams, streamsEveryMs, ledger, ledgerEveryMs, onFeed, isTroubled }: StreamPageProps): ReactNode {
  const route: Partial<Route> = { ...asked, stream: stream.name, view: view.name }
  const { group } = asked
  const [sizeMs, slideMs] = [spanMs(view.window.size as Span), spanMs(view.window.slide as Span)]
  const windows = windowsBack(asked.windows, slideMs)
  const key = streamKey(stream)
  const rows = useLiveRows({
    view, key: JSON.stringify([key, view.name, group, windows]), backMs: windows * slideMs,
    newest: stream.highestEventTime === null ? null : Date.parse(stream.highestEventTime),
    finalUntil: stream.finalUntil === null ? null : Date.parse(stream.finalUntil),
    pathFrom: (from) => livePath(stream, view.name, { group, from }),
  })
  const kept = usePolled({ key, everyMs: keptEveryMs, isResting: streams.problem !== null, read: (signal) => readKept(read, stream, signal) })
  useEffect(() => { onFeed(rows.feed) }, [rows.feed, onFeed])

  const { feed } = rows
  const rowsStale = ((feed.is === 'live' || feed.is === 'connecting') && streams.problem === null) || rows.heardAt === null ? null : staleText({ at: rows.heardAt, problem: null }, { now, everyMs: 0 })
  const at = (streams.at ?? now) + streams.serverAheadMs
  return <>
    <header className="title">
      <h1>{stream.name}{group.length > 0 && <span className="group"> {group.join(' · ')}</span>}</h1>
      <p className="note">{stream.summary}</p>
    </header>
    <LinePanel stream={stream} at={at} agedMs={Math.max(0, now - (streams.at ?? now))} stale={staleText(streams, { now, everyMs: streamsEveryMs })} />
    <ViewPicker stream={stream} chosen={view} />
    <ChartPanel key={`${key} ${view.name} ${JSON.stringify(group)}`} view={view} slideMs={slideMs} sizeMs={sizeMs} windows={windows} route={route} shown={rows} stale={rowsStale} />
    <div className="columns">
      <div className="column">
        <WindowsPanel stream={stream} view={view} group={group} route={route} shown={rows} stale={rowsStale} />
        <FollowEvent key={`event ${key}`} stream={stream} route={route} read={read} />
      </div>
      <div className="column">
        <LedgerPanel key={key} ledger={ledger.value} stale={staleText(ledger, { now, everyMs: ledgerEveryMs })} problem={ledger.problem && !isTroubled && <ProblemNote problem={ledger.problem} />} />
        <KeptPanel stream={stream} kept={kept.value} route={route} stale={staleText(kept, { now, everyMs: keptEveryMs })} problem={kept.problem && !isTroubled && <ProblemNote problem={kept.problem} />} />
      </div>
    </div>
  </>
}
