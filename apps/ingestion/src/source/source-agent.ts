import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import type { SourceSettings } from '../ingestion.config.ts'
import { IngestionError } from '../ingestion.errors.ts'
import { addressProblem } from './address-rules.ts'

type Resolve = (hostname: string, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void

const resolveAll: Resolve = (hostname, callback) => { systemLookup(hostname, { all: true }, callback) }

/** Resolves a name and refuses it when any of its addresses is forbidden: the address that is checked is the one connected to. */
export function checkedLookup(settings: SourceSettings, resolve: Resolve = resolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const bad = addresses.map(({ address }) => addressProblem(address, settings)).find((problem) => problem !== null)
      const [first] = addresses
      if (error ?? !first) callback(error ?? new Error(`${hostname} has no address`), '', 0)
      else if (bad !== undefined) callback(new IngestionError('source_forbidden', `The source at ${hostname}: ${bad}.`), '', 0)
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** Connections to sources: few, kept alive, to checked addresses only, never redirected. */
export function sourceAgent(settings: SourceSettings): Agent {
  return new Agent({
    connect: { lookup: checkedLookup(settings), timeout: 5_000 },
    connections: 4,
    keepAliveTimeout: 30_000,
    maxHeaderSize: 16_384,
    pipelining: 1,
  })
}
