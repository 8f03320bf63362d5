import { letterReason } from '@millrace/stream-kit'
import type { LetterAnswer } from '../api/kept-answers.ts'
import { countText } from '../format/number-text.ts'

/** What a reason means; null for one of another version. */
export const reasonMeans = (reason: string): string | null => letterReason(reason)?.means ?? null

/** Where the bytes come from: an answer of the source, or a place on a topic. */
export function originText(origin: unknown): string {
  const said = typeof origin === 'object' && origin !== null ? (origin as Readonly<Record<string, unknown>>) : {}
  const { url, page, index, topic, partition, offset } = said
  const numbered = (name: string, number: unknown): string => (typeof number === 'number' ? `, ${name} ${number}` : '')
  if (typeof url === 'string') return `${url}${numbered('page', page)}${numbered('record', index)}`
  if (typeof topic === 'string') return `${topic}${numbered('partition', partition)}${numbered('offset', offset)}`
  return origin === null || origin === undefined ? 'unknown' : typeof origin === 'string' ? origin : JSON.stringify(origin)
}

const mostShown = 120

/** The first bytes on one line. */
export function firstBytes({ content: { encoding, text } }: Pick<LetterAnswer, 'content'>): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return 'no bytes'
  return `${encoding === 'base64' ? 'base64: ' : ''}${line.length > mostShown ? `${line.slice(0, mostShown)}…` : line}`
}

/** How much of a letter is shown: `93 bytes`, `the first of 262,144 bytes`. */
export const sizeText = ({ content: { bytes, isCut } }: Pick<LetterAnswer, 'content'>): string => `${isCut ? 'the first of ' : ''}${countText(bytes)} bytes`
