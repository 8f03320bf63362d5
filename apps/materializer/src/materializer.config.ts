import { defineSettings, type ServiceOptions } from '@millrace/service'
import { attachTransport } from './attach-transport.ts'

/** What only this worker reads. */
export const materializerSettings = defineSettings({
  port: { env: 'MILLRACE_MATERIALIZER_PORT', kind: 'int', min: 0, max: 65_535, default: 13_003, about: 'The port of the materializer.' },
  group: { env: 'MILLRACE_MATERIALIZER_GROUP', kind: 'text', default: 'millrace-materializer', about: "The materializer's consumer group: instances with the same group share the work. A new group reads everything again, which changes no row." },
  lettersKept: { env: 'MILLRACE_MATERIALIZER_LETTERS_KEPT', kind: 'span', default: '30 days', about: 'How long late events and dead letters are kept at least, whole days; POST /v1/maintenance removes older ones. A week after the retention of their stream they expire in any case.' },
}, { title: 'Materializer' })

export const materializerService: ServiceOptions = {
  name: 'materializer',
  port: { env: materializerSettings.port.env, default: materializerSettings.port.default },
  configure: attachTransport,
}
