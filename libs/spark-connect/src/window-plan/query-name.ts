import { streamLabel, type StreamDeclaration } from '@millrace/stream-kit'

export interface QueryKey {
  /** `trades.v1` */
  readonly stream: string
  readonly generation: number
  readonly planHash: string
}

type Named = Pick<StreamDeclaration, 'name' | 'version'>

/** `trades.v1.g3@0123456789ab`: says what runs, so that a restarted bridge can tell whether to adopt it. */
export const queryName = (stream: Named, generation: number, planHash: string): string => `${streamLabel(stream)}.g${generation}@${planHash}`

/** `trades.v1.g3`: the folder under the checkpoints. */
export const checkpointName = (stream: Named, generation: number): string => `${streamLabel(stream)}.g${generation}`

/** What the name says, or null if it is none of ours. */
export function parseQueryName(name: string): QueryKey | null {
  const match = /^([a-z0-9-]+\.v\d+)\.g(\d+)@([0-9a-f]{12})$/.exec(name)
  if (!match) return null
  const [, stream = '', generation = '', planHash = ''] = match
  return { stream, generation: Number(generation), planHash }
}
