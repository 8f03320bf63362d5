import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { holds, SeenIndex, seenRow } from './seen-index.ts'

const entry = () => ({ id: randomBytes(16).toString('base64url'), content: randomBytes(6).toString('base64url') })

describe('SeenIndex', () => {
  it('finds again what was kept in rows of 16 and 6 bytes', () => {
    const entries = Array.from({ length: 50 }, entry)
    const row = seenRow('b', entries)
    expect([row.ids.length, row.contents.length]).toEqual([800, 300])
    const index = new SeenIndex(1_000)
    index.load('b', [row])
    for (const { id, content } of entries) expect(index.find(id)).toEqual({ bucket: 'b', contents: content })
    expect(index.find(entry().id)).toBeUndefined()
  })

  it('says which buckets are to be loaded, an empty one only once', () => {
    const index = new SeenIndex(10)
    index.load('empty', [])
    expect(index.missing(['empty', 'other', 'other'])).toEqual(['other'])
  })

  it('keeps the contents of an id together in the bucket of the first', () => {
    const [{ id, content }, revision] = [entry(), entry()]
    const index = new SeenIndex(10)
    index.add('first', id, content)
    index.add('second', id, revision.content)
    const found = index.find(id)
    expect(found?.bucket).toBe('first')
    expect([content, revision.content, entry().content].map((one) => found !== undefined && holds(found, one))).toEqual([true, true, false])
  })

  it('lets the bucket go that was not needed for longest, and says that it must be loaded again', () => {
    const index = new SeenIndex(2)
    const [a, b, c] = [entry(), entry(), entry()]
    for (const [bucket, { id, content }] of [['a', a], ['b', b], ['c', c]] as const) index.add(bucket, id, content)
    index.missing(['a'])
    index.trim(new Set(['c']))
    expect([a, b, c].map(({ id }) => index.find(id) !== undefined)).toEqual([true, false, true])
    expect(index.missing(['a', 'b', 'c'])).toEqual(['b'])
  })

  it('never lets go what is needed now', () => {
    const index = new SeenIndex(1)
    const [a, b] = [entry(), entry()]
    index.add('a', a.id, a.content)
    index.add('b', b.id, b.content)
    index.trim(new Set(['a', 'b']))
    expect(index.size).toBe(2)
  })
})
