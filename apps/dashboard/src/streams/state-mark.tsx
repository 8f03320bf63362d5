import type { ReactNode } from 'react'
import type { StreamState } from './stream-state.ts'

const shapes: Readonly<Record<StreamState['tone'], string>> = {
  good: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z',
  slow: 'M6 1 11.5 10.5H.5Z',
  bad: 'M3 .8.8 3l3 3-3 3L3 11.2l3-3 3 3L11.2 9l-3-3 3-3L9 .8l-3 3Z',
  idle: 'M2 1.5h3v9H2Zm5 0h3v9H7Z',
  unknown: 'M6 .5 11.5 6 6 11.5.5 6Z',
}

/** A shape for each tone, so that none is told by its colour alone. The word beside it says the same. */
export const StateMark = ({ tone }: Pick<StreamState, 'tone'>): ReactNode => <svg className={`mark ${tone}`} viewBox="0 0 12 12" aria-hidden="true"><path d={shapes[tone]} /></svg>
