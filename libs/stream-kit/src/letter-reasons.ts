/** Where on its way a record was kept apart. */
export type LetterHop = 'fetch' | 'validate' | 'publish' | 'aggregate' | 'store'

/**
 * What a redrive does with a dead letter. `record`: its bytes are a record of the source and are judged like one. `event`: its bytes are an event as
 * it travels, and are judged without `toEvent`. `none`: it is no record; what mends it is another way.
 */
export type LetterRedrive = 'record' | 'event' | 'none'

export interface LetterReason {
  readonly store: 'late' | 'dead-letters'
  readonly hop: LetterHop
  readonly redrive: LetterRedrive
  readonly means: string
  readonly remedy: string
}

/** Why letters are kept: every reason there is, and nothing is kept without one. docs/errors.md is generated from it. */
export const letterReasons = {
  late: {
    store: 'late', hop: 'validate', redrive: 'none', means: 'The event is behind the watermark: its windows may be final.',
    remedy: 'Include it (POST /v1/streams/<stream>/late/include), or declare a longer lateness if there are many.',
  },
  backfill: {
    store: 'late', hop: 'validate', redrive: 'none', means: 'A backfill has found the event, which was not seen before; its windows are closed.',
    remedy: 'Include it (POST /v1/streams/<stream>/late/include).',
  },
  redrive: {
    store: 'late', hop: 'validate', redrive: 'none', means: 'A redrive has made an event of a dead letter; it is behind the watermark.',
    remedy: 'Include it (POST /v1/streams/<stream>/late/include).',
  },
  'page-unreadable': {
    store: 'dead-letters', hop: 'fetch', redrive: 'none', means: 'An answer of the source could not be read as the page that was asked for: it is cut, no JSON, too large, or holds no list.',
    remedy: 'None while it passes: the source is asked for the same page again until it answers, so no record of it is lost. Else look at the bytes, and at the source.',
  },
  encoding: {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'The bytes of the record are not UTF-8.',
    remedy: 'Have the source mended; a redrive can only judge the same bytes again.',
  },
  unreadable: {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'The declaration\'s toEvent makes no event of the record.',
    remedy: 'Mend toEvent, or say by a mapping what to change in the record, and redrive it.',
  },
  schema: {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'The event is against the declaration.',
    remedy: 'Mend the declaration, or say by a mapping what to change in the record, and redrive it.',
  },
  'too-large': {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'The event is larger than 256 KiB.',
    remedy: 'Have toEvent leave out what no view needs, and redrive it; of a record that is kept only in part nothing can be made.',
  },
  future: {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'The event time is further ahead of the clock of the source than the tolerance allows.',
    remedy: 'Redrive it when its time has come, or correct its time by a mapping.',
  },
  revised: {
    store: 'dead-letters', hop: 'validate', redrive: 'record', means: 'An event of this id was accepted before, with other content: the first one counts.',
    remedy: 'None, unless every revision is to count: then list a revision field in the id of a new version.',
  },
  'publish-refused': {
    store: 'dead-letters', hop: 'publish', redrive: 'event', means: 'Kafka refuses the event as such, as one that is larger than the topic takes.',
    remedy: 'Raise max.message.bytes of the topic, or make the event smaller by a mapping, and redrive it.',
  },
  malformed: {
    store: 'dead-letters', hop: 'aggregate', redrive: 'event', means: 'Spark cannot read the record of the stream\'s topic. Only somebody else than ingestion can have written it.',
    remedy: 'Find the writer. If it is an event that should count, redrive it, with a mapping that mends it.',
  },
  'late-malformed': {
    store: 'dead-letters', hop: 'store', redrive: 'record', means: 'A record of the late topic lacks the id or the time of an event. Only somebody else than ingestion can have written it.',
    remedy: 'Find the writer.',
  },
  'window-malformed': {
    store: 'dead-letters', hop: 'store', redrive: 'none', means: 'A record of the windows topic is no window. Only somebody else than Spark can have written it.',
    remedy: 'Find the writer; a rebuild of the stream writes every window anew.',
  },
  'window-refused': {
    store: 'dead-letters', hop: 'store', redrive: 'none', means: 'A window does not fit the view that it names, or Cassandra refuses its row as such.',
    remedy: 'None where a view has changed: the window is stored by the next start of a materializer that knows the view. Else rebuild the stream.',
  },
  'marker-refused': {
    store: 'dead-letters', hop: 'store', redrive: 'none', means: 'A progress marker of another stream lies in the windows topic.',
    remedy: 'Find the writer.',
  },
} as const satisfies Readonly<Record<string, LetterReason>>

export type LetterReasonCode = keyof typeof letterReasons

/** What is known of a reason; null for one that another version has written. */
export const letterReason = (reason: string): LetterReason | null => (Object.hasOwn(letterReasons, reason) ? letterReasons[reason as LetterReasonCode] : null)
