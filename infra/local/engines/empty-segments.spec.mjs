import assert from 'node:assert/strict'
import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { removeEmptySegments } from './empty-segments.mjs'

const segmentBytes = 16 * 2 ** 20

/** A segment as Cassandra makes one: its whole length at once, of which only what is written takes room. */
const segment = (folder, id, content = Buffer.alloc(0)) => {
  const path = join(folder, `CommitLog-7-${id}.log`)
  writeFileSync(path, content)
  truncateSync(path, segmentBytes)
}

it('removes the segments of a commit log that a full disk has left without a byte, and no other file', async () => {
  const folder = scratch()
  segment(folder, 1, Buffer.from('header and mutations'))
  segment(folder, 2)
  segment(folder, 3, Buffer.from('header'))
  segment(folder, 4)
  // No header, but something behind it: nobody knows what, so it stays.
  segment(folder, 5, Buffer.concat([Buffer.alloc(1_000_000), Buffer.from('something')]))
  writeFileSync(join(folder, 'CommitLog-7-6.log'), '')
  writeFileSync(join(folder, 'CommitLog-7-7_cdc.idx'), Buffer.alloc(8))
  assert.deepEqual((await removeEmptySegments(folder)).sort(), ['CommitLog-7-2.log', 'CommitLog-7-4.log'])
  assert.deepEqual(readdirSync(folder).sort(), ['CommitLog-7-1.log', 'CommitLog-7-3.log', 'CommitLog-7-5.log', 'CommitLog-7-6.log', 'CommitLog-7-7_cdc.idx'])
})

it('finds nothing where there is no commit log yet', async () => {
  assert.deepEqual(await removeEmptySegments(join(scratch(), 'commitlog')), [])
})
