/** Writes golden/openapi.json anew; review the diff. `node --import ./tools/swc-loader.mjs libs/rest/tools/write-golden.mjs` */
import { writeFileSync } from 'node:fs'
import { openApiDocument } from '../src/index.ts'
import { fixtures } from '../src/readings.fixture.ts'

writeFileSync(new URL('../src/golden/openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(fixtures), null, 2)}\n`)
