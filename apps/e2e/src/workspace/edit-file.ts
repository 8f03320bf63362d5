import { readFileSync, writeFileSync } from 'node:fs'

/** Replaces a text that stands exactly once in a file, as an edit by hand would. */
export function editFile(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8')
  const places = text.split(before).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places that read ${JSON.stringify(before)}, expected 1. It has changed: change the edit as well.`)
  writeFileSync(file, text.replace(before, () => after))
}
