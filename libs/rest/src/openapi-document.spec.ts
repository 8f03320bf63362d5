import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ledgerAnswer } from './ledger-answer.ts'
import { openApiDocument } from './openapi-document.ts'
import { rowSchemaName } from './openapi-view.ts'
import { fixtures, readings } from './readings.fixture.ts'
import { streamAnswer, type StreamStatus } from './stream-answer.ts'
import { viewRoutes } from './view-routes.ts'
import { windowAnswer, type StoredWindow } from './window-answer.ts'

const document = openApiDocument(fixtures)
const plain = JSON.parse(JSON.stringify(document)) as { paths: Record<string, { get: { operationId: string; parameters?: { name: string; in: string }[] } }>; components: { schemas: Record<string, object> } }
const schemas = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'openapi', components: plain.components })
const problemsOf = (schema: string, value: unknown) => {
  schemas.validate(`openapi#/components/schemas/${schema}`, value)
  return schemas.errors
}

const stored: StoredWindow = {
  group: ['north', '0f8fad5b-d9cb-469f-a165-70867728950e', 7, false, 0],
  start: 0, end: 60_000, events: 3, generation: 1,
  measures: { highest: null, total: 9, firstNote: 'x', lastSeen: 59_999, anyTest: true, lastDevice: '0f8fad5b-d9cb-469f-a165-70867728950e', devices: 2, share: 1.5 },
}
const status: StreamStatus = { highestEventTime: 5, watermark: -1, isPaused: false, counts: { fetched: 6, fresh: 4, repeated: 1, rejected: 1, late: 1, published: 3 }, published: { 0: 9 }, served: { generation: 1, finalUntil: 60_000, stored: { 0: 7 }, storedAt: 1_000 } }

describe('the OpenAPI document', () => {
  it('is the one that was reviewed (golden/openapi.json)', () => {
    expect(plain).toEqual(JSON.parse(readFileSync(new URL('golden/openapi.json', import.meta.url), 'utf8')))
  })

  it('refers only to what it has', () => {
    const texts = JSON.stringify(plain)
    for (const [, path = ''] of texts.matchAll(/"\$ref":"#\/([^"]+)"/g)) expect(path.split('/').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], plain)).toBeDefined()
  })

  it('names every operation once and every parameter of a path', () => {
    const operations = Object.values(plain.paths).map(({ get }) => get.operationId)
    expect(new Set(operations).size).toBe(operations.length)
    for (const [path, { get }] of Object.entries(plain.paths))
      expect((get.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`)).toEqual([...path.matchAll(/\{\w+\}/g)].map(([name]) => name))
  })

  it('describes the rows that are answered', () => {
    const [route] = viewRoutes(readings)
    if (!route) throw new Error('The fixture lost its view.')
    const row = windowAnswer(route, stored, 60_000)
    expect(row).toEqual({
      site: 'north', device: '0f8fad5b-d9cb-469f-a165-70867728950e', channel: 7, isTest: false, day1: '1970-01-01T00:00:00.000Z',
      windowStart: '1970-01-01T00:00:00.000Z', windowEnd: '1970-01-01T00:01:00.000Z', events: 3,
      highest: null, mean: null, total: 9, firstNote: 'x', lastSeen: '1970-01-01T00:00:59.999Z', anyTest: true, lastDevice: '0f8fad5b-d9cb-469f-a165-70867728950e', devices: 2, share: 1.5,
      final: true,
    })
    expect(problemsOf(rowSchemaName(readings, route.view), row)).toBeNull()
    expect(problemsOf(rowSchemaName(readings, route.view), { ...row, extra: 1 })).not.toBeNull()
  })

  it('describes the stream that is answered', () => {
    const answer = streamAnswer(readings, status, 4_000)
    expect(answer).toMatchObject({ highestEventTime: '1970-01-01T00:00:00.005Z', finalUntil: '1970-01-01T00:01:00.000Z', generation: 1, lag: { 0: 2 }, freshness: { behindMs: 3_000 } })
    expect(problemsOf('Stream', answer)).toBeNull()
    expect(problemsOf('Stream', streamAnswer(readings, { ...status, highestEventTime: null, watermark: null, published: {}, served: null }, 0))).toBeNull()
    expect(problemsOf('Stream', { ...answer, lag: { 0: 'two' } })).not.toBeNull()
  })
})

describe('the ledger that is answered', () => {
  const counts = { fetched: 6, fresh: 4, repeated: 1, rejected: 1, late: 1, published: 3 }
  const answer = ledgerAnswer(readings, {
    time: { finalUntil: 7_200_000, horizon: 0 }, generation: 2, next: 'token',
    buckets: [
      { start: -3_600_000, counts, included: 0, aggregated: null, views: {}, isAged: false },
      { start: 0, counts, included: 0, aggregated: 3, views: { 'per-minute': 3 }, isAged: false },
      { start: 3_600_000, counts, included: 0, aggregated: 3, views: { 'per-minute': 2 }, isAged: false },
      { start: 7_200_000, counts, included: 0, aggregated: null, views: {}, isAged: false },
      { start: null, counts: { ...counts, fresh: 0, fetched: 2, late: 0, published: 0 }, included: 0, aggregated: null, views: {}, isAged: false },
    ],
  })

  it('says the state of each bucket, and how many there are of each', () => {
    expect(answer).toMatchObject({ stream: 'sensor-readings', version: 2, generation: 2, finalUntil: '1970-01-01T02:00:00.000Z', summary: { open: 1, balanced: 2, unbalanced: 1, expired: 1 }, page: { next: 'token' } })
    expect(answer.data.map(({ bucket, state }) => [bucket, state])).toEqual([['1969-12-31T23:00:00.000Z', 'expired'], ['1970-01-01T00:00:00.000Z', 'balanced'], ['1970-01-01T01:00:00.000Z', 'unbalanced'], ['1970-01-01T02:00:00.000Z', 'open'], ['none', 'balanced']])
    expect(answer.data[2]).toEqual({ bucket: '1970-01-01T01:00:00.000Z', state: 'unbalanced', ...counts, included: 0, aggregated: 3, views: { 'per-minute': 2 }, differences: [{ equation: 'aggregated = Σ per-minute', left: 3, right: 2 }] })
  })

  it('is what the document describes', () => {
    expect(problemsOf('Ledger', answer)).toBeNull()
    expect(problemsOf('Ledger', { ...answer, finalUntil: null, generation: null, data: [] })).toBeNull()
    expect(problemsOf('Ledger', { ...answer, summary: { open: 1 } })).not.toBeNull()
  })
})

describe('a row', () => {
  const [route] = viewRoutes(readings)
  it.each([[59_999, false], [60_000, true], [60_001, true], [null, false]])('that ends at 60000 with finalUntil %p: final is %p', (finalUntil, isFinal) => {
    if (!route) throw new Error('The fixture lost its view.')
    expect(windowAnswer(route, stored, finalUntil)['final']).toBe(isFinal)
  })
})

describe('freshness', () => {
  it('is 0 while the rows hold everything published, and unknown before anything was stored', () => {
    const behind = (change: Partial<StreamStatus>) => (streamAnswer(readings, { ...status, ...change }, 4_000)['freshness'] as { behindMs: unknown }).behindMs
    expect(behind({ published: { 0: 7 } })).toBe(0)
    expect(behind({ served: null })).toBeNull()
    expect(behind({})).toBe(3_000)
  })
})
