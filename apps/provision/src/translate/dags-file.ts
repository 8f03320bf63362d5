import { deadLetterTopic, eventTopic, lateTopic, windowTopic, type Catalogue, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { jsonFile, type GeneratedFile } from '../generated-file.ts'

const ledgerBucketMs = 3_600_000

/** What Airflow needs to know of each stream to run and check its pipeline. */
export const dagsFile = ({ streams }: Pick<Catalogue, 'streams'>): GeneratedFile => jsonFile('generated/dags.json', { format: 1, streams: streams.map(dagParams) })

const dagParams = (stream: StreamDeclaration) => ({
  stream: stream.name,
  version: stream.version,
  summary: stream.summary,
  schedule: stream.check,
  latenessMs: stream.latenessMs,
  retentionMs: stream.retentionMs,
  topics: { events: eventTopic(stream), windows: windowTopic(stream), late: lateTopic(stream), deadLetters: deadLetterTopic(stream) },
  partitions: stream.partitions,
  views: stream.views.map(viewParams),
})

const viewParams = (view: ViewDeclaration) => ({
  view: view.name,
  window: view.window,
  isHidden: view.isHidden,
  balances: doesBalance(view),
})

/** Whether the sum of its `events` over an hour of event time must equal what ingestion has published for that hour. */
export const doesBalance = ({ window, where }: Pick<ViewDeclaration, 'window' | 'where'>): boolean =>
  window.kind === 'tumbling' && where === null && ledgerBucketMs % window.sizeMs === 0
