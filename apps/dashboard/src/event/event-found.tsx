import type { ReactNode } from 'react'
import type { StreamAnswer } from '../api/answers.ts'
import type { EventAnswer } from '../api/kept-answers.ts'
import { dayText, saidText, windowUnder } from '../format/instant-text.ts'
import { countText } from '../format/number-text.ts'
import { originText } from '../letters/letter-words.ts'
import { Facts } from '../line/facts.tsx'
import { writeRoute } from '../route/hash-route.ts'
import { whereText } from './event-words.ts'

/** Where one event is: its run and page, its place on the topic, the rows in which it counts, or its letter. */
export function EventFound({ event, stream }: { readonly event: EventAnswer; readonly stream: StreamAnswer }): ReactNode {
  const { id, eventTime, run, page, topic, windows, late } = event
  // The day is said once: only windows of another one repeat it.
  const day = eventTime === null ? null : dayText(Date.parse(eventTime))
  return (
    <div className="found" role="status">
      <p><strong>{event.state}</strong>. {whereText(event)}</p>
      <Facts facts={[
        { name: 'event', value: id },
        { name: 'event time', value: saidText(eventTime) },
        { name: 'run', value: run ?? 'not kept' },
        { name: 'page', value: `${page.seq} of epoch ${page.epoch}`, means: 'In which it was judged.' },
        ...(topic ? [{ name: 'topic', value: `${topic.topic}, partition ${topic.partition}, ${topic.offset === null ? 'offset not known yet' : `offset ${countText(topic.offset)}`}` }] : []),
        ...(late ? [{ name: 'reason', value: `${late.reason}: ${late.detail}` }, { name: 'origin', value: originText(late.origin) }] : []),
      ]} />
      {windows.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="The windows of the event">
          <table>
            <thead><tr><th scope="col">view</th><th scope="col">group</th><th scope="col">window{day !== null && `, ${day}`}</th><th scope="col" className="number">events</th><th scope="col">row</th></tr></thead>
            <tbody>
              {windows.map(({ view, group, start, end, row }) => {
                const values = Object.values(group).map(String)
                const isShown = stream.views.some(({ name }) => name === view)
                return (
                  <tr key={`${view} ${start} ${JSON.stringify(values)}`}>
                    <td>{view}</td>
                    <td>{isShown && values.length > 0 ? <a href={writeRoute({ stream: stream.name, version: stream.version, view, group: values })}>{values.join(' · ')}</a> : values.join(' · ') || 'all'}</td>
                    <td>{windowUnder(day, Date.parse(start), Date.parse(end))}</td>
                    <td className="number">{row ? countText(row.events) : '–'}</td>
                    <td>{row ? `${row.final ? 'final' : 'provisional'}, generation ${row.generation}` : late ? 'does not count it' : 'none now'}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
