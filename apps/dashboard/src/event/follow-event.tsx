import { useEffect, useState, type ReactNode, type SyntheticEvent } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import type { EventAnswer } from '../api/kept-answers.ts'
import type { Read, Reading } from '../api/read-json.ts'
import { ProblemNote } from '../connection/problem-note.tsx'
import { go } from '../route/use-route.ts'
import type { Route } from '../route/hash-route.ts'
import { EventFound } from './event-found.tsx'
import { readEventQuestion } from './event-question.ts'
import { whatToDo } from './event-words.ts'

interface FollowEventProps {
  readonly stream: StreamAnswer
  readonly route: Partial<Route>
  readonly read: Read
}

/** Asks where one event is. The question stands in the address, so an answer can be handed on. */
export function FollowEvent({ stream, route, read }: FollowEventProps): ReactNode {
  const { event = null, time = null } = route
  const [typed, type] = useState({ text: event ?? '', time: time ?? '' })
  const [mend, setMend] = useState<string | null>(null)
  useEffect(() => {
    if (event === null) return
    type({ text: event, time: time ?? '' })
    setMend(null)
  }, [event, time])
  const [answer, look] = useAnswer(stream, { event, time, read })

  const onSubmit = (submitted: SyntheticEvent): void => {
    submitted.preventDefault()
    const question = readEventQuestion(stream, typed)
    setMend('mend' in question ? question.mend : null)
    if ('mend' in question) return
    if (typed.text === event && typed.time === (time ?? '')) look()
    else go({ ...route, event: typed.text, time: typed.time === '' ? null : typed.time })
  }
  return (
    <section className="panel" aria-labelledby="follow">
      <header><h2 id="follow">Follow one event</h2></header>
      <form onSubmit={onSubmit} noValidate>
        <label>Event id, or the fields that make it<input name="event" value={typed.text} onChange={({ target }) => { type({ ...typed, text: target.value }) }} placeholder="ce_id, or name=value & name=value" autoComplete="off" spellCheck={false} /></label>
        <label>Event time, if it is needed<input name="time" value={typed.time} onChange={({ target }) => { type({ ...typed, time: target.value }) }} placeholder="2026-11-22T19:23:36Z" autoComplete="off" spellCheck={false} /></label>
        <button type="submit">Find it</button>
      </form>
      {mend !== null && <p className="mend" role="alert">{mend}</p>}
      {answer === 'asked' && <p className="note" role="status">Looking for it…</p>}
      {answer !== null && answer !== 'asked' && ('problem' in answer ? <ProblemNote problem={answer.problem} whatToDo={whatToDo(answer.problem)} /> : <EventFound event={answer.value} stream={stream} />)}
    </section>
  )
}

type Answer = Reading<EventAnswer> | 'asked' | null

/** The answer to the question of the address, and what asks it once more. */
function useAnswer(stream: StreamAnswer, { event, time, read }: { readonly event: string | null; readonly time: string | null; readonly read: Read }): [Answer, () => void] {
  const [answer, setAnswer] = useState<Answer>(null)
  const [times, setTimes] = useState(0)
  const question = event === null ? null : readEventQuestion(stream, { text: event, time: time ?? '' })
  const path = question && 'path' in question ? question.path : null
  useEffect(() => {
    setAnswer(path === null ? null : 'asked')
    if (path === null) return
    const asked = new AbortController()
    read<EventAnswer>(path, asked.signal).then(setAnswer, () => undefined)
    return () => { asked.abort() }
  }, [path, times, read])
  return [answer, () => { setTimes(times + 1) }]
}
