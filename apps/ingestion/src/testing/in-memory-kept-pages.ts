import { KeptPageStore, type KeptPage, type StreamName } from '@millrace/cassandra'

/** Pages that are done, as the table keeps them; nothing expires. */
export class InMemoryKeptPages extends KeptPageStore {
  readonly rows = new Map<string, KeptPage & { readonly content: Buffer }>()

  override write(stream: StreamName, page: KeptPage & { readonly content: Buffer }): Promise<void> {
    this.rows.set(keyOf(stream, page.seq), page)
    return Promise.resolve()
  }

  override list(stream: StreamName, before: number): Promise<KeptPage[]> {
    const of = [...this.rows].flatMap(([key, { content: _, ...page }]) => (key === keyOf(stream, page.seq) && page.seq < before ? [page] : []))
    return Promise.resolve(of.sort((a, b) => a.seq - b.seq))
  }

  override read(stream: StreamName, seq: number): Promise<Buffer | null> {
    return Promise.resolve(this.rows.get(keyOf(stream, seq))?.content ?? null)
  }
}

const keyOf = ({ name, version }: StreamName, seq: number) => `${name}.v${version} ${seq}`
