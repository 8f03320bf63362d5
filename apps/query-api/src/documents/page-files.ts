import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { errorCode } from '@millrace/service'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface PageFile {
  readonly type: string
  readonly content: Buffer
}

/** The files that apps/dashboard builds: `page/` beside the bundle, or its own build when the app runs from source. */
export class PageFiles {
  constructor(private readonly folder = builtPage()) {}

  /** What the browser opens first; null where the page was not built. */
  async index(): Promise<Buffer | null> {
    return read(join(this.folder, 'index.html'))
  }

  /** One of the files that it asks for; null where there is none of that name. */
  async file(name: string): Promise<PageFile | null> {
    const type = types[extname(name)]
    if (type === undefined || !/^\w[\w.-]*$/.test(name)) return null
    const content = await read(join(this.folder, 'page', name))
    return content && { type, content }
  }
}

function builtPage(): string {
  const beside = join(import.meta.dirname, 'page')
  return existsSync(beside) ? beside : join(import.meta.dirname, '../../../dashboard/dist')
}

async function read(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
