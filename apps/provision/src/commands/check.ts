import { readSettings } from '@millrace/service'
import { spanOf } from '@millrace/stream-kit'
import { compareFiles, type StaleFile } from '../compare-files.ts'
import { heapBound } from '../heap-bound.ts'
import { provisionSettings } from '../provision.config.ts'
import { generatedFiles } from '../translate/generated-files.ts'
import type { Command } from './command.ts'

/** Whether the committed files are what the catalogue says, and how much each stream may carry. Changes nothing; 1 where a file is stale. */
export const check: Command = async ({ catalogue, workspace, documents, env, say }) => {
  const files = [...generatedFiles(catalogue), ...await documents(workspace().root)]
  const stale = compareFiles(files, await workspace().read(files.map(({ path }) => path)))
  for (const file of stale) say(told(file))
  if (stale.length > 0) say(`${stale.length} of ${files.length} generated files are stale. Mend it with: npm run provision -- generate`)
  else say(`All ${files.length} generated files are what the catalogue says.`)

  const { sparkHeapMb } = readSettings(provisionSettings, env)
  for (const stream of catalogue.streams) {
    const { retentionMs, mostEvents, mostPerSecond } = heapBound(stream, sparkHeapMb)
    say(`${stream.name}.v${stream.version} keeps ${spanOf(retentionMs)}: a rebuild in ${sparkHeapMb} MB of Spark's heap holds the ids of ${mostEvents.toLocaleString('en')} events, ${mostPerSecond < 10 ? mostPerSecond.toFixed(1) : Math.floor(mostPerSecond)} a second all the time.`)
  }
  return stale.length === 0 ? 0 : 1
}

function told({ path, problem, line }: StaleFile): string {
  if (problem === 'missing') return `${path} is missing.`
  if (!line) return `${path} is left over: nothing makes it any more.`
  return `${path}:${line.number} reads ${shown(line.found)}, expected ${shown(line.expected)}.`
}

const shown = (text: string): string => JSON.stringify(text.length > 160 ? `${text.slice(0, 160)}…` : text)
