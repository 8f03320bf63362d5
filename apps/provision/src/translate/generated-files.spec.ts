import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { catalogue } from '@millrace/streams'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { compareFiles } from '../compare-files.ts'
import { generatedFiles } from './generated-files.ts'

const root = join(import.meta.dirname, '../../../..')
const files = generatedFiles(catalogue)
const data = (path: string): unknown => JSON.parse(files.find((file) => file.path === path)?.text ?? 'null')

describe('what the catalogue means', () => {
  it('is what is committed under generated/ (mend it with: npm run provision -- generate)', () => {
    const committed = new Map(files.map(({ path }) => [path, readFileSync(join(root, path), 'utf8')]))
    expect(compareFiles(files, committed)).toEqual([])
  })

  it('is the same text each time, one line end at its end', () => {
    expect(generatedFiles(catalogue)).toEqual(files)
    for (const { path, text } of files) expect([path, text.endsWith('\n'), text.endsWith('\n\n'), text.includes('\r')]).toEqual([path, true, false, false])
  })

  it('has no path twice', () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length)
  })

  it('changes only the files of the stream that changes, and those of all streams', () => {
    const [first, ...others] = catalogue.streams
    if (!first) throw new Error('The catalogue is empty.')
    const changed = generatedFiles({ streams: [{ ...first, retentionMs: first.retentionMs + 60_000 }, ...others] })
    const differing = compareFiles(changed, new Map(files.map(({ path, text }) => [path, text]))).map(({ path }) => path)
    expect(differing).toEqual(['generated/kafka/topics.json', `generated/cassandra/${first.name}.v1.cql`, 'generated/dags.json'])
  })
})

describe('the AsyncAPI document', () => {
  const document = data('generated/asyncapi.json') as { channels: Record<string, { address: string; messages: Record<string, { payload?: { schema?: object; $ref?: string } }> }>; operations: Record<string, { channel: { $ref: string } }>; components: { schemas: Record<string, object> } }

  it('has a channel for every topic', () => {
    const topics = data('generated/kafka/topics.json') as { topic: string }[]
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual(topics.map(({ topic }) => topic))
  })

  it('refers only to what it has', () => {
    for (const [, path = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) expect(path.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document)).toBeDefined()
  })

  it('describes windows and markers as architecture says they travel', () => {
    const ajv = new Ajv2020({ strict: false })
    const isWindow = ajv.compile(document.components.schemas['Window'] ?? false)
    const isProgress = ajv.compile(document.components.schemas['Progress'] ?? false)
    expect(isWindow({ view: 'per-hour', group: ['ci'], start: 1517443200000, end: 1517446800000, events: 12, generation: 1, measures: { strongest: 3.1 } })).toBe(true)
    expect(isWindow({ view: 'per-hour', group: ['ci'], start: 1517443200000, end: 1517446800000, events: 0, generation: 1, measures: {} })).toBe(false)
    expect(isProgress({ kind: 'progress', stream: 'trades', version: 1, generation: 1, watermark: 0, offsets: { 0: '12' } })).toBe(true)
  })
})
