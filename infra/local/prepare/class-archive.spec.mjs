import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { classArchive } from './class-archive.mjs'

const place = () => {
  const settings = { jars: scratch(), javaVersion: '17.0.15' }
  mkdirSync(join(settings.jars, 'archives'))
  return settings
}
const written = async (archive) => {
  const [flag] = await archive.flags()
  writeFileSync(flag.slice('-XX:ArchiveClassesAtExit='.length), '')
}

it('is written by the first run and used by the next', async () => {
  const settings = place()
  const archive = classArchive(settings, 'kafka', 'stamp', ['-Xmx1g'])
  await written(archive)
  await archive.keep()
  assert.match((await archive.flags())[0], /^-XX:SharedArchiveFile=.*kafka-\w+\.jsa$/)
})

it('is not used with other jars, another JVM or other options', async () => {
  const settings = place()
  const archive = classArchive(settings, 'kafka', 'stamp', ['-Xmx1g'])
  await written(archive)
  await archive.keep()
  for (const other of [classArchive(settings, 'kafka', 'newer', ['-Xmx1g']), classArchive({ ...settings, javaVersion: '21' }, 'kafka', 'stamp', ['-Xmx1g']), classArchive(settings, 'kafka', 'stamp', ['-Xmx2g'])]) {
    assert.match((await other.flags())[0], /ArchiveClassesAtExit/)
  }
})

it('takes the place of the engine\'s older ones, and of halves', async () => {
  const settings = place()
  for (const name of ['kafka-0.jsa', 'kafka-1.jsa.999999999', 'spark-0.jsa']) writeFileSync(join(settings.jars, 'archives', name), '')
  const archive = classArchive(settings, 'kafka', 'stamp', [])
  await written(archive)
  await archive.keep()
  assert.equal(readdirSync(join(settings.jars, 'archives')).length, 2)
})

it('is nothing to keep after a run that was killed', async () => {
  const settings = place()
  await classArchive(settings, 'kafka', 'stamp', []).keep()
  assert.deepEqual(readdirSync(join(settings.jars, 'archives')), [])
})
