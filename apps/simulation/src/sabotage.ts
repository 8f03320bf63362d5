import type { CassandraStreamStore, SeenStore, StreamStore } from '@millrace/cassandra'
import type { TopicWriter } from '@millrace/kafka'
import type { WindowWriters } from '@millrace/materializer/parts'
import type { Offsets } from '@millrace/spark-connect'
import type { Surroundings } from '@millrace/spark-bridge/parts'
import type { Tamper } from './systems/database.ts'
import type { World } from './world.ts'

type Writer = Pick<TopicWriter, 'send' | 'close'>

/** A protection that is taken out of a world, to see whether the oracle notices. */
export interface Sabotage {
  readonly tamper?: Tamper
  readonly streams?: (streams: CassandraStreamStore) => StreamStore
  readonly seen?: (seen: SeenStore) => SeenStore
  readonly writer?: (writer: Writer, world: World) => Writer
  readonly writers?: (writers: WindowWriters, world: World) => WindowWriters
  readonly stored?: (stored: Surroundings['stored'], world: World) => Surroundings['stored']
  readonly committed?: (committed: Offsets, world: World) => Offsets
  readonly isDedupOff?: boolean
  readonly isCommitFirst?: boolean
}
