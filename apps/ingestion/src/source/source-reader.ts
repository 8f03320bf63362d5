import type { StreamDeclaration } from '@millrace/stream-kit'
import type { Place } from '../rules/position.ts'
import type { OriginalBytes } from './original-bytes.ts'

/** One page of a source, as it came. */
export interface SourcePage extends OriginalBytes {
  /** What was asked, for the origin of letters. */
  readonly url: string
  readonly items: readonly unknown[]
  /** The source's clock, where the answer tells it. */
  readonly dateMs: number | null
}

/** Reads pages of a source. Rejects with an error whose `retry` says whether waiting helps. */
export abstract class SourceReader {
  abstract read(stream: StreamDeclaration, place: Place, signal: AbortSignal): Promise<SourcePage>
}
