import type { ViewDeclaration } from './declaration.ts'

/** The span of event time in which the ledger is balanced: an hour. */
export const ledgerBucketMs = 3_600_000

/** Whether the sum of a view's `events` over an hour of event time must equal what ingestion has published for that hour. */
export const doesBalance = ({ window, where }: Pick<ViewDeclaration, 'window' | 'where'>): boolean =>
  window.kind === 'tumbling' && where === null && ledgerBucketMs % window.sizeMs === 0
