import { PageStore, StreamStore, type PageKey, type StreamMove, type StreamName, type StreamState } from '@millrace/cassandra'

/** Keeps no page: what a process had in hand is read from the source again, whatever that says now. For drills. */
export class NoPages extends PageStore {
  override write(): Promise<void> {
    return Promise.resolve()
  }

  override read(): Promise<null> {
    return Promise.resolve(null)
  }

  override removeBefore(): Promise<void> {
    return Promise.resolve()
  }
}

/** Marks no page as the one in hand. For drills. */
export class NothingPending extends StreamStore {
  constructor(private readonly streams: StreamStore) {
    super()
  }

  override read(stream: StreamName): Promise<StreamState> {
    return this.streams.read(stream)
  }

  override books(...args: Parameters<StreamStore['books']>): ReturnType<StreamStore['books']> {
    return this.streams.books(...args)
  }

  override takeLease(...args: Parameters<StreamStore['takeLease']>): Promise<boolean> {
    return this.streams.takeLease(...args)
  }

  override renewLease(...args: Parameters<StreamStore['renewLease']>): Promise<boolean> {
    return this.streams.renewLease(...args)
  }

  override setPending(): Promise<boolean> {
    return Promise.resolve(true)
  }

  override move(stream: StreamName, { epoch, seq }: PageKey & { readonly hasPage: boolean }, move: StreamMove): Promise<boolean> {
    return this.streams.move(stream, { epoch, seq, hasPage: false }, move)
  }

  override setTopic(...args: Parameters<StreamStore['setTopic']>): Promise<boolean> {
    return this.streams.setTopic(...args)
  }

  override setPaused(...args: Parameters<StreamStore['setPaused']>): Promise<void> {
    return this.streams.setPaused(...args)
  }
}
