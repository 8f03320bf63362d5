import type { StreamDeclaration } from './declaration.ts'
import { DeclarationError } from './declaration.errors.ts'
import { streamLabel, tableByTimeName, tableName } from './names.ts'

/** All streams of a deployment. */
export interface Catalogue {
  readonly streams: readonly StreamDeclaration[]
  /** The stream of that name: of that version, or the newest. */
  find(name: string, version?: number): StreamDeclaration | undefined
}

/** Collects streams and refuses two that would share a topic, a table or a path. */
export function defineCatalogue(streams: readonly StreamDeclaration[]): Catalogue {
  const owners = new Map<string, string>()
  for (const stream of streams)
    for (const name of namesOf(stream)) {
      const owner = owners.get(name)
      if (owner !== undefined) throw new DeclarationError(`stream '${streamLabel(stream)}'`, `Its ${name} is also that of ${owner}.`, 'Rename the stream or the view, or raise the version.')
      owners.set(name, `stream '${streamLabel(stream)}'`)
    }
  const newestFirst = [...streams].sort((a, b) => b.version - a.version)
  return {
    streams: [...streams],
    find: (name, version) => newestFirst.find((stream) => stream.name === name && (version === undefined || stream.version === version)),
  }
}

function namesOf(stream: StreamDeclaration): string[] {
  return [`topic '${streamLabel(stream)}'`, ...stream.views.flatMap((view) => [`table '${tableName(stream, view)}'`, `table '${tableByTimeName(stream, view)}'`])]
}
