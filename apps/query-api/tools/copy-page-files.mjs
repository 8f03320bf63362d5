/** Copies what the pages need beside the bundle, for the folder `dist` deploys alone: those of /docs, and the live page. Part of the `build` target. */
import { cpSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const dist = join(import.meta.dirname, '../dist')
const docs = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
mkdirSync(join(dist, 'docs'), { recursive: true })
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE']) cpSync(join(docs, name), join(dist, 'docs', name))
cpSync(join(import.meta.dirname, '../../dashboard/dist'), join(dist, 'page'), { recursive: true })
