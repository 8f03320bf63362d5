import { NothingDeclared } from '@millrace/rest'
import type { Catalogue, StreamDeclaration } from '@millrace/stream-kit'

/** The stream of that name: of that version, or the newest. Throws NothingDeclared, listing what there is. */
export function findStream(catalogue: Catalogue, name: string, version?: number): StreamDeclaration {
  const stream = catalogue.find(name, version)
  if (!stream) throw new NothingDeclared(`There is no stream '${name}'${version === undefined ? '' : ' of that version'}.`, catalogue.streams.map((other) => `/v1/streams/${other.name}?version=${other.version}`))
  return stream
}
