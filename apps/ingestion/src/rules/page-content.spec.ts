import { randomBytes } from 'node:crypto'
import { expect, it } from '@jest/globals'
import { noCounts } from '@millrace/cassandra'
import { decodePage, encodePage, type Page } from './page-content.ts'

it('keeps a page byte by byte', async () => {
  const record = (headers?: Record<string, string>) => ({ key: randomBytes(7), value: randomBytes(300), ...(headers && { headers }) })
  const page: Page = {
    sends: [{ topic: 't', messages: [record({ run: 'ü' }), record(), { key: Buffer.alloc(0), value: Buffer.alloc(0) }] }, { topic: 'u', messages: [record()] }],
    seen: [{ bucket: 'b', ids: randomBytes(32), contents: randomBytes(12) }],
    seenTtlSeconds: 7,
    move: { cursor: '{}', watermark: -1, highest: 2, totals: noCounts, books: { h: { ...noCounts, fetched: 3 } }, booksTtlSeconds: 9 },
  }
  expect(await decodePage(await encodePage(page))).toEqual(page)
})
