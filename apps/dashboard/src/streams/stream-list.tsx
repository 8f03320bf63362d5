import { useEffect, useRef, type ReactNode } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import { writeRoute } from '../route/hash-route.ts'
import { StateMark } from './state-mark.tsx'
import { streamKey } from './stream-key.ts'
import type { StreamState } from './stream-state.ts'

interface StreamListProps {
  readonly streams: readonly StreamAnswer[]
  readonly chosen: StreamAnswer | null
  readonly stateOf: (stream: StreamAnswer) => StreamState
}

/** The streams, each with its state in a word. */
export function StreamList({ streams, chosen, stateOf }: StreamListProps): ReactNode {
  const list = useRef<HTMLUListElement>(null)
  const key = chosen && streamKey(chosen)
  // Where the list is a row, the chosen stream may lie outside of it.
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (item && list.current) list.current.scrollLeft = item.offsetLeft - list.current.offsetLeft - 16
  }, [key])
  return (
    <nav className="streams" aria-label="Streams">
      <h2>Streams</h2>
      <ul ref={list}>
        {streams.map((stream) => {
          const { name, version } = stream
          const { tone, word, sentence } = stateOf(stream)
          return (
            <li key={streamKey(stream)}>
              <a href={writeRoute({ stream: name, version })} aria-current={stream === chosen ? 'page' : undefined} title={sentence}>
                <span className="name">{name}<span className="version">v{version}</span></span>
                <span className={`state ${tone}`}><StateMark tone={tone} />{word}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
