import { eventJsonSchema, type EventValues, type StreamDeclaration } from '@millrace/stream-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** What is wrong with an event, for people; null where nothing is. */
export type EventValidator = (event: EventValues) => string | null

/** Compiles the declaration's JSON Schema once. Text must also be well-formed Unicode: no system of the line can keep half a character. */
export function eventValidator(stream: StreamDeclaration): EventValidator {
  const validate = new Ajv2020({ allErrors: false, strict: true }).compile(eventJsonSchema(stream))
  return (event) => {
    if (!validate(event)) {
      const [error] = validate.errors ?? []
      const extra: unknown = error?.params['additionalProperty']
      const where = error === undefined || error.instancePath === '' ? 'the event' : error.instancePath
      return `${where} ${error?.message ?? 'is not as declared'}${typeof extra === 'string' ? `: ${JSON.stringify(extra)}` : ''}`
    }
    for (const [name, value] of Object.entries(event)) {
      if (typeof value === 'string' && !value.isWellFormed()) return `/${name} must be well-formed Unicode; it holds half of a surrogate pair`
    }
    return null
  }
}
