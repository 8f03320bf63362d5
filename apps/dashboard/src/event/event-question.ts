import type { StreamAnswer } from '../api/answers.ts'
import { streamPath } from '../api/paths.ts'

/** Which event is asked for: the path that answers it, or why there is none. */
export type EventQuestion = { readonly path: string } | { readonly mend: string }

const idPattern = /^[A-Za-z0-9_-]{22}$/

/**
 * Reads what was typed: an event id (`ce_id`, 22 characters), or the fields of the declaration's id as `name=value`,
 * one a line or with `&` between them. `time` is the event's time, for streams with more ids than one search covers.
 */
export function readEventQuestion(stream: Pick<StreamAnswer, 'name' | 'version'>, { text, time }: { readonly text: string; readonly time: string }): EventQuestion {
  const asked = text.trim()
  const at = time.trim() === '' ? null : instantOf(time.trim())
  if (asked === '') return { mend: 'Type an event id, or the fields that make it.' }
  if (at === undefined) return { mend: `'${time.trim()}' is no instant. Write it like 2026-11-22T19:23:36Z.` }
  if (idPattern.test(asked)) return { path: streamPath(stream, ['events', asked], { time: at }) }
  const pairs = asked.split(/[&\n]/).map((pair) => pair.trim()).filter((pair) => pair !== '')
  const fields = pairs.map((pair) => [pair.slice(0, Math.max(0, pair.indexOf('='))).trim(), pair.slice(pair.indexOf('=') + 1).trim()] as const)
  if (fields.some(([name]) => name === '')) return { mend: `'${asked.slice(0, 60)}' is no event id, which has 22 characters. To ask by the fields of the id, write name=value, with & between them.` }
  return { path: streamPath(stream, ['events'], { ...Object.fromEntries(fields), time: at }) }
}

/** An instant as the API takes it; what has no zone is meant as UTC, as the page shows it. Undefined where it is none. */
function instantOf(text: string): string | undefined {
  const zoned = /(Z|[+-]\d{2}:\d{2})$/i.test(text) ? text : `${text}Z`
  const ms = Date.parse(zoned.replace(' ', 'T'))
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}
