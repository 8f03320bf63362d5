import { isIP } from 'node:net'
import type { SourceSettings } from '../ingestion.config.ts'
import { IngestionError } from '../ingestion.errors.ts'
import { addressProblem } from './address-rules.ts'

/** The address of a stream's source, checked against the operator's list. Throws `source_forbidden`. */
export function sourceAddress(stream: string, address: string, settings: SourceSettings): URL {
  const url = new URL(address)
  const refuse = (problem: string): never => {
    throw new IngestionError('source_forbidden', `The source of ${stream} at ${url.host}: ${problem}.`, { fields: { stream } })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse(`${url.protocol} is neither http nor https`)
  if (url.username !== '' || url.password !== '') refuse('the address carries credentials, which would be logged')
  if (!settings.hosts.some((host) => host === url.host || host === url.hostname)) refuse(`the host is not among MILLRACE_SOURCE_HOSTS (${settings.hosts.join(', ')})`)
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const problem = isIP(literal) === 0 ? null : addressProblem(literal, settings)
  if (problem !== null) refuse(problem)
  return url
}
