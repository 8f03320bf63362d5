/**
 * What ingestion knows of a stream's topic, beside the offsets that it has published to it. Kept as JSON in `streams`:
 *
 *     {"incarnation":1,"isReplaced":false,"isEmptied":false,"begins":{"0":480,"1":0},"floor":null,"restored":{"run":"…","pages":12,"events":9000,"missing":0}}
 */
export interface TopicState {
  /** Grows each time the topic was made anew and its events restored: offsets of different incarnations cannot be compared. */
  readonly incarnation: number
  /** It has lost what was published, and nothing may be written to it before what is kept of that is restored. */
  readonly isReplaced: boolean
  /** A restore has begun to remove what it has: only a restore can end that. */
  readonly isEmptied: boolean
  /** By partition: where the restored events begin, if not at 0. What stands before was none of this incarnation. */
  readonly begins: Readonly<Record<string, number>>
  /** Windows that start before this instant (epoch milliseconds) may have events that could not be restored; null: all are there. */
  readonly floor: number | null
  /** The restore that has made it so; null for the first topic. */
  readonly restored: { readonly run: string; readonly pages: number; readonly events: number; readonly missing: number } | null
}

/** Of a stream whose topic has never been lost. */
export const firstTopic: TopicState = { incarnation: 0, isReplaced: false, isEmptied: false, begins: {}, floor: null, restored: null }

export const topicStateIn = (column: string | null): TopicState => (column === null ? firstTopic : (JSON.parse(column) as TopicState))

/** Whether offsets that a generation has reached can be compared with those that ingestion names: they are of one log. */
export const isComparable = ({ incarnation = 0 }: { readonly incarnation?: number }, topic: Pick<TopicState, 'incarnation' | 'isReplaced'>): boolean => !topic.isReplaced && incarnation === topic.incarnation
