import { getJson } from './get-json.ts'

/** What `GET /v1/streams/<stream>` says, as far as the tests ask. */
export interface StreamStatus {
  readonly highestEventTime: string | null
  readonly watermark: string | null
  readonly finalUntil: string | null
  readonly generation: number | null
  readonly counts: Readonly<Record<'fetched' | 'fresh' | 'repeated' | 'rejected' | 'late' | 'published', number>>
  readonly offsets: { readonly published: Readonly<Record<string, number>>; readonly stored: Readonly<Record<string, number>> }
}

export const streamStatus = (queryApi: string, stream: string): Promise<StreamStatus> => getJson(`${queryApi}/v1/streams/${stream}`)
