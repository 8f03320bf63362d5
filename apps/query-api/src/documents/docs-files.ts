import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const types = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const

export type DocsFileName = keyof typeof types

export interface DocsFile {
  readonly type: string
  readonly content: Buffer
}

/** The files of swagger-ui-dist that the page needs; `tools/copy-page-files.mjs` copies them next to the bundle. */
export const docsFileNames = Object.keys(types) as readonly DocsFileName[]

export const isDocsFile = (name: string): name is DocsFileName => Object.hasOwn(types, name)

/** Reads one of them: from `docs/` beside the bundle, or from the package when the app runs from source. */
export async function readDocsFile(name: DocsFileName): Promise<DocsFile> {
  return { type: types[name], content: await readFile(join(folder(), name)) }
}

function folder(): string {
  const beside = join(import.meta.dirname, 'docs')
  return existsSync(beside) ? beside : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
}
