import { controlTables, tableDdl } from '@millrace/cassandra'
import { topicSpecs } from '@millrace/kafka'
import { openApiDocument } from '@millrace/rest'
import { planHash, windowPlan } from '@millrace/spark-connect/window-plan'
import { eventJsonSchema, streamLabel, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'
import { jsonFile, type GeneratedFile } from '../generated-file.ts'
import { asyncApiDocument } from './asyncapi-document.ts'
import { dagsFile } from './dags-file.ts'

/** What the catalogue means today in every system: pure, and the same text for the same catalogue. */
export function generatedFiles(catalogue: Pick<Catalogue, 'streams'>): GeneratedFile[] {
  const { streams } = catalogue
  return [
    jsonFile('generated/kafka/topics.json', streams.flatMap(topicSpecs)),
    ...streams.flatMap((stream) => [
      jsonFile(`generated/json-schema/${streamLabel(stream)}.json`, eventJsonSchema(stream)),
      sparkFile(stream),
      cqlFile(`generated/cassandra/${streamLabel(stream)}.cql`, `The tables of ${streamLabel(stream)}.`, stream.views.flatMap((view) => tableDdl(stream, view).map(({ cql }) => cql))),
    ]),
    cqlFile('generated/cassandra/schema.cql', "The platform's own tables.", controlTables.map(({ cql }) => cql)),
    jsonFile('generated/openapi.json', openApiDocument(catalogue)),
    jsonFile('generated/asyncapi.json', asyncApiDocument(catalogue)),
    dagsFile(catalogue),
  ]
}

/** A changed hash in a review: the stream gets a new generation, built from the start of its topic. */
function sparkFile(stream: StreamDeclaration): GeneratedFile {
  const plan = windowPlan(stream)
  return jsonFile(`generated/spark/${streamLabel(stream)}.json`, { hash: planHash(plan), plan })
}

const cqlFile = (path: string, about: string, statements: readonly string[]): GeneratedFile => ({ path, text: `-- ${about}\n\n${statements.map((cql) => `${cql};\n`).join('\n')}` })
