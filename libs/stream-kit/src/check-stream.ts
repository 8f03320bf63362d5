import { checkCondition } from './check-condition.ts'
import { checkFields, checkKnown } from './check-fields.ts'
import { checkView } from './check-view.ts'
import { checkRange } from './check-range.ts'
import { DeclarationError } from './declaration.errors.ts'
import type { StreamDeclaration } from './declaration.ts'

const reservedStreams = ['streams', 'runs', 'queries', 'recounts', 'live']
const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** Refuses what the compiler cannot: names that clash, spans that do not fit, values out of range. */
export function checkStream(stream: StreamDeclaration): void {
  const where = `stream '${stream.name}'`
  const refuse = (problem: string, cure: string): never => {
    throw new DeclarationError(where, problem, cure)
  }
  if (!kebab.test(stream.name)) refuse('The name is not in kebab-case.', "Use lower-case words joined by hyphens, such as 'card-payments'.")
  if (reservedStreams.includes(stream.name)) refuse('The name is reserved for a path of the API.', `Choose another than ${reservedStreams.join(', ')}.`)
  if (!Number.isInteger(stream.version) || stream.version < 1) refuse(`The version is ${stream.version}.`, 'Use a whole number from 1.')
  if (!Number.isInteger(stream.partitions) || stream.partitions < 1 || stream.partitions > 100) refuse(`It has ${stream.partitions} partitions.`, 'Use a whole number from 1 to 100.')

  checkFields(stream.event, where)
  const known = (field: string, part: string) => checkKnown(stream.event, field, `${where}, ${part}`)
  if (stream.id.length === 0) refuse('The id names no field.', 'Name the fields that tell one record from all others.')
  for (const [part, fields] of Object.entries({ id: stream.id, key: [stream.key] }))
    for (const name of fields) {
      const field = known(name, part)
      if (field.isOptional) refuse(`${part} uses the optional field '${name}'.`, 'Use a field that every event has.')
      if (field.kind === 'real') refuse(`${part} uses the real number '${name}'.`, 'Use a text, uuid, int, bool or instant: equal reals may be written differently.')
    }
  const eventTime = known(stream.eventTime, 'eventTime')
  if (eventTime.kind !== 'instant' || eventTime.isOptional) refuse(`The event time '${stream.eventTime}' is not an instant that every event has.`, 'Declare the field as instant().')

  if (stream.retentionMs < stream.latenessMs) refuse('The retention is shorter than the lateness.', 'Keep events at least as long as late ones may still come.')
  if (stream.check !== null && stream.check.trim().split(/\s+/).length !== 5) refuse(`check '${stream.check}' is not a cron expression.`, "Write five fields, such as '*/10 * * * *'.")
  checkSource(stream, refuse)
  checkRange(stream, where)

  if (stream.views.every(({ isHidden }) => isHidden)) refuse('It has no view.', 'Declare at least one: without a view nothing is served.')
  for (const view of stream.views) {
    checkView(stream, view, where)
    if (view.where) checkCondition(stream.event, view.where, `${where}, view '${view.name}', where`)
  }
}

function checkSource({ source }: StreamDeclaration, refuse: (problem: string, cure: string) => never): void {
  if (!URL.canParse(source.url) || !/^https?:$/.test(new URL(source.url).protocol)) refuse(`The source's url '${source.url}' is not an HTTP address.`, "Write one such as 'https://example.org/api/records'.")
  if (!Number.isInteger(source.pageSize) || source.pageSize < 1 || source.pageSize > 20_000) refuse(`The source's pageSize is ${source.pageSize}.`, 'Use a whole number from 1 to 20,000.')
  const positions = Object.entries(source.start)
  if (positions.length === 0) refuse('The source has no start.', "Say where the first run begins, such as { updated: '2018-01-01T00:00:00Z' }.")
  for (const [name, value] of positions) {
    if (typeof value === 'number' && typeof source.overlap !== 'number') refuse(`The overlap '${source.overlap}' is a span, but the cursor's '${name}' is a number.`, 'Write the overlap as a number.')
    if (typeof value === 'string' && Number.isNaN(Date.parse(value))) refuse(`The cursor's '${name}' starts at '${value}', which is no instant.`, 'Use ISO 8601, or a number.')
    if (typeof value === 'string' && typeof source.overlap === 'number') refuse(`The overlap ${source.overlap} is a number, but the cursor's '${name}' is an instant.`, "Write the overlap as a span, such as '10 minutes'.")
  }
}
