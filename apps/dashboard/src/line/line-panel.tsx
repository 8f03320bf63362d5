import type { ReactNode } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import { bookEquations, equationText } from './books.ts'
import { Hops } from './hops.tsx'

interface LinePanelProps {
  readonly stream: StreamAnswer
  readonly at: number
  readonly agedMs: number
  /** Said beside the heading when the figures are old. */
  readonly stale: string | null
}

/** Where the events of a stream are, from the source to the store, and the books on them. */
export function LinePanel({ stream, at, agedMs, stale }: LinePanelProps): ReactNode {
  return (
    <section className="panel" aria-labelledby="line" data-stale={stale !== null}>
      <header><h2 id="line">The line</h2>{stale !== null && <p className="stale">{stale}</p>}</header>
      <Hops key={`${stream.name} ${stream.version}`} stream={stream} at={at} agedMs={agedMs} />
      <ul className="books" aria-label="The books">
        {bookEquations(stream.counts).map((equation) => (
          <li key={equation.left.name} className={equation.doesHold ? 'holds' : 'fails'}>
            <span aria-hidden="true">{equation.doesHold ? '✓' : '✕'}</span> {equationText(equation)}
            {!equation.doesHold && <strong> This equation does not hold.</strong>}
          </li>
        ))}
      </ul>
    </section>
  )
}
