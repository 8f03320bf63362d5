import { deadLetterTopic, doesBalance, eventTopic, lateTopic, windowTopic, type Catalogue, type StreamDeclaration, type ViewDeclaration } from '@millrace/stream-kit'
import { jsonFile, type GeneratedFile } from '../generated-file.ts'

/** What Airflow needs to know of each stream to run and check its pipeline. */
export const dagsFile = ({ streams }: Pick<Catalogue, 'streams'>): GeneratedFile => jsonFile('generated/dags.json', { format: 1, streams: streams.map(dagParams) })

const dagParams = (stream: StreamDeclaration) => ({
  stream: stream.name,
  version: stream.version,
  summary: stream.summary,
  schedule: stream.check,
  canBackfill: stream.source.range !== undefined,
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
