import type { ReactNode } from 'react'
import type { StreamAnswer, ViewAnswer } from '../api/answers.ts'
import { writeRoute } from '../route/hash-route.ts'

/** The views of a stream, and what the chosen one shows. */
export function ViewPicker({ stream, chosen }: { readonly stream: StreamAnswer; readonly chosen: ViewAnswer }): ReactNode {
  const { kind, size, slide } = chosen.window
  return (
    <div className="views">
      <nav aria-label={`Views of ${stream.name}`}>
        <ul className="tabs">
          {stream.views.map(({ name }) => (
            <li key={name}><a href={writeRoute({ stream: stream.name, version: stream.version, view: name })} aria-current={name === chosen.name ? 'page' : undefined}>{name}</a></li>
          ))}
        </ul>
      </nav>
      <p className="note">{chosen.summary} {kind === 'tumbling' ? `Windows of ${size}.` : `Windows of ${size}, one every ${slide}.`}</p>
    </div>
  )
}
