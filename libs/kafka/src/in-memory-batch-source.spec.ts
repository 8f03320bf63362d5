import { describe, expect, it } from '@jest/globals'
import type { Batch } from './batch-source.ts'
import { InMemoryBatchSource } from './in-memory-batch-source.ts'

const record = (value: string) => ({ key: Buffer.from('k'), value: Buffer.from(value) })

describe('InMemoryBatchSource', () => {
  it('commits a batch when it has been handled', async () => {
    const source = new InMemoryBatchSource()
    const seen: Batch[] = []
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous
    const running = source.run(['t'], async (batch) => { seen.push(batch) })
    await source.deliver('t', [record('a'), record('b')])
    await source.deliver('t', [record('c')])
    expect(source.committed('t')).toBe(3n)
    expect(seen.map(({ records }) => records.map(({ offset, value }) => [offset, value?.toString()]))).toEqual([[[0n, 'a'], [1n, 'b']], [[2n, 'c']]])
    await source.close()
    await running
  })

  it('delivers the same offsets again after a failure', async () => {
    const source = new InMemoryBatchSource()
    let fails = true
    const offsets: bigint[] = []
    void source.run(['t'], ({ records }) => {
      offsets.push(...records.map(({ offset }) => offset))
      return fails ? Promise.reject(new Error('down')) : Promise.resolve()
    })
    await expect(source.deliver('t', [record('a')])).rejects.toThrow('down')
    fails = false
    await source.deliver('t', [record('a')])
    expect([offsets, source.committed('t')]).toEqual([[0n, 0n], 1n])
  })

  it('refuses a topic that nobody reads', async () => {
    const source = new InMemoryBatchSource()
    void source.run(['t'], () => Promise.resolve())
    await expect(source.deliver('other', [record('a')])).rejects.toThrow('Nobody reads other')
  })
})
