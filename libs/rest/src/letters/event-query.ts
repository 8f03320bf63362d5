import { hash } from 'node:crypto'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { readInstant, readValue } from '../field-values.ts'
import { versionText } from '../query-texts.ts'
import { RequestRefused, type WrongPart } from '../rest.errors.ts'

export interface EventQuery {
  /** The event's id, 22 characters. */
  readonly id: string
  /** Its event time, where the caller knows it: the search is then short. */
  readonly time: number | null
}

type Identified = Pick<StreamDeclaration, 'name' | 'version' | 'id' | 'event'>

/**
 * Reads which event is asked for: by its id in the path, or by the fields of the declaration's `id`, each as a parameter
 * of its name. `time` and `version` are parameters, too; a field of such a name can only be asked for by the id.
 */
export function readEventQuery(stream: Identified, id: string | null, parameters: Readonly<Record<string, unknown>>): EventQuery {
  const wrong: WrongPart[] = []
  const fields = id === null ? stream.id : []
  const refuse = (parameter: string, found: string, expected: string, cure: string, place: WrongPart['in'] = 'query'): null => {
    wrong.push({ parameter, in: place, found, expected, cure })
    return null
  }
  for (const name of Object.keys(parameters)) if (![...fields, 'time', 'version'].includes(name)) refuse(name, 'not a parameter', [...fields, 'time', 'version'].join(', '), 'Leave it out.')
  if (id !== null && !/^[A-Za-z0-9_-]{22}$/.test(id)) refuse('id', `'${id.slice(0, 40)}'`, 'the 22 characters of ce_id', `Or ask for /events?${stream.id.map((name) => `${name}=…`).join('&')}.`, 'path')
  const { time, version } = parameters
  if (version !== undefined && !(typeof version === 'string' && versionText.test(version))) refuse('version', 'no number', 'a whole number from 1', 'Leave it out for the newest.')
  const instant = time === undefined ? null : typeof time === 'string' ? readInstant(time) : { expected: 'one instant', cure: 'Give it once.' }
  if (instant && !('value' in instant)) refuse('time', typeof time === 'string' ? `'${time}'` : 'given more than once', instant.expected, instant.cure)
  const values = fields.map((name) => {
    const [text, field] = [parameters[name], stream.event[name]]
    if (typeof text !== 'string' || !field) return refuse(name, text === undefined ? 'missing' : 'given more than once', `the value of the event's ${name}`, `Send every field of the id: ${stream.id.join(', ')}.`)
    const reading = readValue(text, field)
    return 'value' in reading ? reading.value : refuse(name, `'${text}'`, reading.expected, reading.cure)
  })
  if (wrong.length > 0) throw new RequestRefused(wrong)
  return { id: id ?? idOf(stream, values), time: instant && 'value' in instant ? instant.value : null }
}

/** As `eventId` of libs/kafka has it; a test compares the two. */
const idOf = ({ name, version }: Identified, values: readonly unknown[]): string => hash('sha256', JSON.stringify([name, version, ...values]), 'buffer').toString('base64url', 0, 16)
