import assert from 'node:assert/strict'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { sourceHash } from './builds.mjs'

const place = () => {
  const root = scratch()
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const path of ['apps/a/src/main.ts', 'libs/b/src/index.ts', 'tools/swc.mjs', 'nx.json']) write(path, path)
  return { root, write }
}

it('changes with a source and with the settings of the build', async () => {
  const { root, write } = place()
  const seen = new Set([await sourceHash(root)])
  for (const path of ['apps/a/src/main.ts', 'libs/b/src/new.ts', 'nx.json', 'package-lock.json']) {
    write(path, 'changed')
    seen.add(await sourceHash(root))
  }
  assert.equal(seen.size, 5)
})

it('does not change with a test, a build or a touched file', async () => {
  const { root, write } = place()
  const before = await sourceHash(root)
  for (const path of ['apps/a/src/main.spec.ts', 'apps/a/dist/main.mjs', 'libs/b/gen/base.ts']) write(path, 'changed')
  utimesSync(join(root, 'libs/b/src/index.ts'), 0, 0)
  assert.equal(await sourceHash(root), before)
})
