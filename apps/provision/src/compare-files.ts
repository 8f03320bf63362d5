import type { GeneratedFile } from './generated-file.ts'

/** A generated file that is not what the catalogue says. */
export interface StaleFile {
  readonly path: string
  readonly problem: 'missing' | 'differs' | 'left over'
  /** Of the first line that differs: its number, what stands there and what should. */
  readonly line?: { readonly number: number; readonly found: string; readonly expected: string }
}

/** Compares what should be with what is: texts by path, as read from disk. `generated/` holds nothing else. */
export function compareFiles(expected: readonly GeneratedFile[], found: ReadonlyMap<string, string>): StaleFile[] {
  const paths = new Set(expected.map(({ path }) => path))
  return [
    ...expected.flatMap((file) => compareFile(file, found.get(file.path))),
    ...[...found.keys()].filter((path) => !paths.has(path)).map((path): StaleFile => ({ path, problem: 'left over' })),
  ]
}

function compareFile({ path, text }: GeneratedFile, found: string | undefined): StaleFile[] {
  if (found === undefined) return [{ path, problem: 'missing' }]
  if (found === text) return []
  const [is, should] = [found.split('\n'), text.split('\n')]
  const index = should.findIndex((line, at) => line !== is[at])
  const at = index === -1 ? should.length : index
  return [{ path, problem: 'differs', line: { number: at + 1, found: is[at] ?? 'the end', expected: should[at] ?? 'the end' } }]
}
