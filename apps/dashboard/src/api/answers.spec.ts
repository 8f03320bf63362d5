import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { aDead, aLate, aLedger, anEvent, anHour, aStream, noLetters } from './answers.fixture.ts'

const document = JSON.parse(readFileSync(new URL('../../../../generated/openapi.json', import.meta.url), 'utf8')) as { readonly components: object }
const schemas = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'openapi', components: document.components })
const faultsOf = (schema: string, value: unknown) => (schemas.validate(`openapi#/components/schemas/${schema}`, value) ? null : schemas.errors)

/** The types of this page and the document of query-api cannot go apart: what the one takes for an answer, the other describes. */
describe('what the page takes for an answer', () => {
  it.each([
    ['Stream', aStream],
    ['StreamList', { data: [aStream] }],
    ['Ledger', aLedger],
    ['Ledger', { ...aLedger, data: [{ ...anHour, bucket: 'none', state: 'unbalanced', aggregated: null, differences: [{ equation: 'fresh = published + late', left: 2, right: 1 }] }] }],
    ['LateLetterList', { data: [aLate], page: { next: null } }],
    ['DeadLetterList', { data: [aDead, { ...aDead, lastAttempt: { run: 'r', at: 'a', reason: 'schema', detail: '' }, redriven: { run: 'r', at: 'a' } }], page: { next: 'x' } }],
    ['LetterCounts', noLetters],
    ['LetterCounts', { ...noLetters, letters: 1, byReason: { schema: 1 }, byState: { open: 1, redriven: 0 } }],
    ['Event', anEvent],
    ['Event', { ...anEvent, state: 'late', topic: null, late: aLate, windows: anEvent.windows.map((window) => ({ ...window, row: null })) }],
    ['Event', { ...anEvent, topic: { topic: 'trades.v1', partition: 1, offset: null } }],
  ])('is one by the OpenAPI document: %s', (schema, value) => {
    expect(faultsOf(schema, value)).toBeNull()
  })

  it('is held against a document that refuses what is none', () => {
    expect(faultsOf('Stream', { ...aStream, isPaused: false })).not.toBeNull()
  })
})
