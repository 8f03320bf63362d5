import type { PageStore } from '@millrace/cassandra'
import type { StreamDeclaration } from '@millrace/stream-kit'
import { IngestionError } from '../ingestion.errors.ts'
import { decodePage, type Packing, type Page } from '../rules/page-content.ts'
import type { HeldState } from './stream-hold.ts'

/** The page that is written ahead and not done, with its content; null where there is none. */
export async function pageInHand(stream: StreamDeclaration, { epoch, pending }: Pick<HeldState, 'epoch' | 'pending'>, { pages, packing }: { readonly pages: Pick<PageStore, 'read'>; readonly packing: Packing }): Promise<{ readonly page: Page; readonly content: Buffer } | null> {
  if (pending === null) return null
  const content = await pages.read(stream, { epoch, seq: pending })
  if (!content) throw new IngestionError('page_missing', `${stream.name}: page ${pending} of epoch ${epoch} is pending, but not in the table pages.`, { fields: { stream: stream.name, epoch, pending } })
  return { page: await decodePage(content, packing), content }
}
