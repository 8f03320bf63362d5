import { conditionFields, type StreamDeclaration } from '@millrace/stream-kit'
import { fieldCheck, fieldDdl } from './field-sql.ts'
import { measureFields } from './measure-sql.ts'
import { allOf, sqlName, sqlText } from './sql-text.ts'

/** Holds the text of a record that is no JSON, or has a value of another type than declared; null for all others. */
const unparsed = '_unparsed'

/** The event of a record, as the struct `_e` of the fields that something reads. */
export const parsedEvent = (stream: StreamDeclaration): string =>
  `from_json(CAST(value AS STRING), ${sqlText(eventDdl(stream))}, map('columnNameOfCorruptRecord', '${unparsed}')) AS _e`

/** Whether `_e` is an event of the declaration: true, or else false or null. */
export const isEvent = (stream: StreamDeclaration): string =>
  allOf([`_e.${unparsed} IS NULL`, ...fieldsRead(stream).flatMap((name) => (stream.event[name] ? (fieldCheck(`_e.${sqlName(name)}`, stream.event[name]) ?? []) : []))])

/** What `first` and `last` go by: the event time, then the fields of the id. `of` names a field's column. */
export const orderOf = ({ eventTime, id }: StreamDeclaration, of: (name: string) => string): string =>
  `struct(${of(eventTime)} AS t, ${id.map((name, index) => `${of(name)} AS i${index}`).join(', ')})`

const eventDdl = (stream: StreamDeclaration) =>
  [...fieldsRead(stream).flatMap((name) => (stream.event[name] ? [fieldDdl(name, stream.event[name])] : [])), `${unparsed} STRING`].join(', ')

/** The fields that the measures of any view read, in declared order. */
export function measuredFields({ event, views }: StreamDeclaration): string[] {
  const used = new Set(views.flatMap(({ measures }) => measures.flatMap(({ measure }) => measureFields(measure))))
  return Object.keys(event).filter((name) => used.has(name))
}

/** All fields that the query reads, in declared order. */
export function fieldsRead(stream: StreamDeclaration): string[] {
  const { event, eventTime, id, views } = stream
  const used = new Set([...id, eventTime, ...measuredFields(stream), ...views.flatMap(({ by, where }) => [...by, ...(where ? conditionFields(where) : [])])])
  return Object.keys(event).filter((name) => used.has(name))
}
