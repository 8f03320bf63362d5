import { Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import { SparkError } from './spark.errors.ts'

/** The texts of the only column of an Arrow IPC stream, as Spark Connect sends the rows of a relation. */
export function arrowTexts(batch: Uint8Array): string[] {
  const column = tableFromIPC(batch).getChildAt(0)
  return Array.from(column ?? [], (value: unknown) => {
    if (typeof value === 'string') return value
    throw new SparkError('spark_failed', `reading rows: a value is ${value === null ? 'null' : typeof value}; expected one column of texts.`)
  })
}

/** Texts as an Arrow IPC stream of the only column `value`. */
export const textsAsArrow = (texts: readonly string[]): Uint8Array =>
  tableToIPC(new Table({ value: vectorFromArray([...texts], new Utf8()) }), 'stream')
