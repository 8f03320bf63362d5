import type { ReactNode } from 'react'
import { StateMark } from '../streams/state-mark.tsx'
import type { Connection } from './connection-words.ts'

/** How the page is connected, said again to a screen reader only when it changes. */
export const ConnectionMark = ({ connection: { tone, word, sentence } }: { readonly connection: Connection }): ReactNode => (
  <p className={`connection state ${tone}`} role="status" title={sentence}><StateMark tone={tone} />{word}</p>
)
