import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { fetchJars, jarStamp } from './jars.mjs'

const place = (pom) => {
  const root = scratch()
  mkdirSync(join(root, 'infra/kafka'), { recursive: true })
  writeFileSync(join(root, 'infra/kafka/pom.xml'), pom)
  mkdirSync(join(root, 'jars/kafka'), { recursive: true })
  return { root, jars: join(root, 'jars'), env: { PATH: '/nonexistent' } }
}

it('leaves jars alone that were made from this pom', async () => {
  const settings = place('<project/>')
  writeFileSync(join(settings.jars, 'kafka/stamp'), jarStamp('<project/>'))
  assert.equal(await fetchJars(settings, 'kafka'), jarStamp('<project/>'))
})

it('fetches again when the pom has changed, and tells what to install when Maven is missing', async () => {
  const settings = place('<project>new</project>')
  writeFileSync(join(settings.jars, 'kafka/stamp'), jarStamp('<project/>'))
  await assert.rejects(fetchJars(settings, 'kafka'), /No Maven.*apt-get install maven/)
})

it('leaves nothing behind that looks like jars when Maven fails', async () => {
  const settings = place('<project/>')
  await assert.rejects(fetchJars(settings, 'kafka'))
  assert.deepEqual(readdirSync(settings.jars), ['kafka'])
})
