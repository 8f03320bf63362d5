import type { ReactNode } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import type { DeadAnswer, LateAnswer } from '../api/kept-answers.ts'
import { streamPath } from '../api/paths.ts'
import { secondText } from '../format/instant-text.ts'
import { countText } from '../format/number-text.ts'
import type { Route } from '../route/hash-route.ts'
import { LetterItem } from './letter-item.tsx'
import { reasonMeans } from './letter-words.ts'
import type { Kept, KeptApart } from './read-letters.ts'

interface KeptPanelProps {
  readonly stream: StreamAnswer
  readonly kept: Kept | null
  readonly route: Partial<Route>
  readonly stale: string | null
  readonly problem: ReactNode
}

/** What counts in no row, and why: late events and dead letters. */
export function KeptPanel({ stream, kept, route, stale, problem }: KeptPanelProps): ReactNode {
  return (
    <section className="panel" aria-labelledby="kept" data-stale={stale !== null}>
      <header><h2 id="kept">Kept apart</h2>{stale !== null && <p className="stale">{stale}</p>}</header>
      {problem}
      {kept && <>
        <Letters name="Late events" one="late event" of={kept.late} route={route} href={streamPath(stream, ['late'])} />
        <Letters name="Dead letters" one="dead letter" of={kept.dead} route={route} href={streamPath(stream, ['dead-letters'])} />
      </>}
    </section>
  )
}

interface LettersProps {
  readonly name: string
  readonly one: string
  readonly of: KeptApart<LateAnswer | DeadAnswer>
  readonly route: Partial<Route>
  readonly href: string
}

function Letters({ name, one, of: { counts, isPartial, newest }, route, href }: LettersProps): ReactNode {
  const { letters, byReason, byState, from } = counts
  if (letters === 0 && !isPartial) return <div className="letters"><h3>{name}</h3><p className="note">There is no {one} since {secondText(from)}.</p></div>
  return (
    <div className="letters">
      <h3>{name}<span className="count">{isPartial && 'at least '}{countText(letters)}</span></h3>
      <ul className="reasons">
        {Object.entries(byReason).sort(([, a], [, b]) => b - a).map(([reason, count]) => (
          <li key={reason}><span className="count">{countText(count)}</span> <span className="reason">{reason}</span> <span className="note">{reasonMeans(reason) ?? 'A reason that this page does not know.'}</span></li>
        ))}
      </ul>
      {byState && byState.redriven > 0 && <p className="note">{countText(byState.redriven)} of them were redriven, and are events now.</p>}
      {newest.map((letter) => <LetterItem key={letter.id} letter={letter} route={route} />)}
      <p className="note">{newest.length === 0 ? 'None of them is open. ' : `Some of the newest, since ${secondText(from)}. `}<a href={href}>All as JSON</a></p>
    </div>
  )
}
