import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../../line/line.ts'

/** Where all checkpoints of a line lie. */
export const checkpoints = ({ state }: Pick<Line, 'state'>): string => join(state, 'spark/checkpoints')

/** The folder of the generation of trades that is served: the newest of the stream. */
export function checkpointOf(line: Pick<Line, 'state'>): string {
  const root = checkpoints(line)
  const folders = readdirSync(root).filter((name) => name.startsWith('trades')).map((name) => join(root, name))
  return folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] ?? ''
}

/** The newest file of a folder whose name begins with its number. */
export function newest(folder: string): string {
  const numbers = readdirSync(folder).filter((name) => /^\d+(\.delta|\.snapshot|\.zip|\.changelog)?$/.test(name)).sort((a, b) => parseInt(b, 10) - parseInt(a, 10))
  if (numbers[0] === undefined) throw new Error(`There is no numbered file in ${folder}: ${readdirSync(folder).join(', ')}.`)
  return join(folder, numbers[0])
}

/** When the newest batch was begun, by Spark's clock: the second line of its offsets, `{"batchTimestampMs":1795912379126,…}`. */
export function batchBegun(line: Pick<Line, 'state'>): number {
  const [, metadata = '{}'] = readFileSync(newest(join(checkpointOf(line), 'offsets')), 'utf8').split('\n')
  return Number((JSON.parse(metadata) as { batchTimestampMs?: number }).batchTimestampMs)
}
