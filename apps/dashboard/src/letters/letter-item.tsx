import type { ReactNode } from 'react'
import type { DeadAnswer, LateAnswer } from '../api/kept-answers.ts'
import { saidText } from '../format/instant-text.ts'
import { Facts } from '../line/facts.tsx'
import { writeRoute, type Route } from '../route/hash-route.ts'
import { firstBytes, originText, sizeText } from './letter-words.ts'

interface LetterItemProps {
  readonly letter: LateAnswer | DeadAnswer
  /** Where the page is: following an event keeps the view that is shown. */
  readonly route: Partial<Route>
}

/** One letter: reason, time and first bytes; all that is known of it when it is opened. */
export function LetterItem({ letter, route }: LetterItemProps): ReactNode {
  const { reason, detail, eventTime, receivedAt, origin, eventId, run, content } = letter
  return (
    <details className="letter">
      <summary>
        <span className="reason">{reason}</span>
        <time>{eventTime === null ? `kept ${saidText(receivedAt)}` : saidText(eventTime)}</time>
        <code>{firstBytes(letter)}</code>
      </summary>
      <p>{detail}</p>
      <Facts facts={[
        { name: 'origin', value: originText(origin) },
        { name: 'event time', value: eventTime === null ? 'not readable' : saidText(eventTime) },
        { name: 'kept', value: saidText(receivedAt) },
        ...(run === null ? [] : [{ name: 'run', value: run }]),
        ...(eventId === null ? [] : [{ name: 'event', value: 'includedGeneration' in letter ? <a href={writeRoute({ ...route, event: eventId, time: eventTime })}>{eventId}</a> : eventId }]),
        ...('includedGeneration' in letter ? [{ name: 'counted', value: letter.includedGeneration === null ? 'in no row' : `since generation ${letter.includedGeneration}` }] : [{ name: 'hop', value: letter.hop ?? 'unknown' }, { name: 'redrives', value: `${letter.attempts} in vain` }]),
        { name: 'content', value: `${sizeText(letter)}${content.encoding === 'base64' ? ', as base64' : ''}` },
      ]} />
      <pre tabIndex={0}>{content.text}</pre>
    </details>
  )
}
