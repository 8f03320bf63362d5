import { createHash } from 'node:crypto'
import type { ReadGeneration, TimeRange } from '@millrace/rest'
import type { MessageEvent } from '@nestjs/common'
import type { GenerationProgress } from '../stores.ts'
import type { ViewRow } from '../view-rows.ts'

/** Where a reader is who has been sent everything: of these generations, all that was final until then. */
export interface LivePlace {
  /** Tells what is served from what was: a digest of the served generations. */
  readonly plan: string
  /** Epoch milliseconds. */
  readonly finalUntil: number
}

/** 96 bits as base64url: two lists of generations of one stream will not meet in them. */
export const planOf = (served: readonly ReadGeneration[]): string => createHash('sha256').update(JSON.stringify(served)).digest('base64url').slice(0, 16)

/** A place as the id of an event. No place is the empty id, with which a browser forgets the one it had. */
export const writePlace = (place: LivePlace | null): string => (place === null ? '' : `${place.plan}.${place.finalUntil}`)

/** Reads `Last-Event-ID`. Null for one that is not of ours: its reader begins anew and loses nothing. */
export function readPlace(id: string | undefined): LivePlace | null {
  const [, plan, finalUntil] = /^([\w-]{16})\.(-?\d{1,15})$/.exec(id ?? '') ?? []
  return plan === undefined ? null : { plan, finalUntil: Number(finalUntil) }
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** How soon a browser connects again, in milliseconds. */
const retry = 1_000

/** What a reader is sent: `libs/rest/src/live/openapi-live.ts` tells the readers what each means. Every one has an id, or Nest would make one up. */
export const liveEvents = {
  reset: (range: TimeRange | null, id: string): MessageEvent => ({ type: 'reset', id, retry, data: { from: instant(range?.from ?? null) } }),
  window: ({ answer }: Pick<ViewRow, 'answer'>, id: string): MessageEvent => ({ type: 'window', id, data: answer }),
  progress: (generation: number | null, progress: GenerationProgress | null, id: string): MessageEvent =>
    ({ type: 'progress', id, data: { generation, finalUntil: instant(progress?.finalUntil ?? null), storedAt: instant(progress?.storedAt ?? null) } }),
  problem: (body: Readonly<Record<string, unknown>>, id: string): MessageEvent => ({ type: 'problem', id, data: body }),
  /** Keeps proxies from taking the connection for dead. */
  beat: (): MessageEvent => ({ comment: '' }),
} as const
