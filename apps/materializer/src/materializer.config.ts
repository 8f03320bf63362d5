import { defineSettings, type ServiceOptions } from '@millrace/service'
import { attachTransport } from './attach-transport.ts'

/** What only this worker reads. */
export const materializerSettings = defineSettings({
  port: { env: 'MILLRACE_MATERIALIZER_PORT', kind: 'int', min: 0, max: 65_535, default: 13_003, about: 'The port of the materializer.' },
  group: { env: 'MILLRACE_MATERIALIZER_GROUP', kind: 'text', default: 'millrace-materializer', about: "The materializer's consumer group: instances with the same group share the work. A new group reads everything again, which changes no row." },
}, { title: 'Materializer' })

export const materializerService: ServiceOptions = {
  name: 'materializer',
  port: { env: materializerSettings.port.env, default: materializerSettings.port.default },
  configure: attachTransport,
}
