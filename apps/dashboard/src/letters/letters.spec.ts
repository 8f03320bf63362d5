import { describe, expect, it } from '@jest/globals'
import { aDead, aLate, noLetters } from '../api/answers.fixture.ts'
import { problemOf } from '../api/problem.ts'
import type { Read } from '../api/read-json.ts'
import { firstBytes, originText, reasonMeans, sizeText } from './letter-words.ts'
import { readKept } from './read-letters.ts'

const content = (text: string, more: object = {}) => ({ content: { ...aDead.content, text, ...more } })

describe('a letter', () => {
  it('shows its first bytes on one line, and no more than fit', () => {
    expect([firstBytes(aDead), firstBytes(content('')), firstBytes(content('x'.repeat(500))).length]).toEqual(['{"id": 1}', 'no bytes', 121])
  })

  it('says when its bytes are no text, and when there are more', () => {
    expect([firstBytes(content('/w==', { encoding: 'base64' })), sizeText(content('', { bytes: 262_144, isCut: true })), sizeText(aDead)]).toEqual(['base64: /w==', 'the first of 262,144 bytes', '10 bytes'])
  })

  it('comes from an answer of the source, a place on a topic, or from what was written there', () => {
    expect([{ url: 'http://x/', page: 0, index: 4 }, { url: 'http://x/' }, { topic: 'trades.v1', partition: 1, offset: 42 }, { else: 1 }, 'text', null].map(originText)).toEqual(['http://x/, page 0, record 4', 'http://x/', 'trades.v1, partition 1, offset 42', '{"else":1}', 'text', 'unknown'])
  })

  it('has a reason that is explained, unless another version has written it', () => {
    expect([reasonMeans('schema'), reasonMeans('of tomorrow'), reasonMeans('toString')]).toEqual(['The event is against the declaration.', null, null])
  })
})

describe('what was kept apart', () => {
  const from = (answers: Readonly<Record<string, unknown>>): { readonly asked: string[]; readonly read: Read } => {
    const asked: string[] = []
    const read = (path: string) => {
      asked.push(path.replace('v1/streams/trades/', ''))
      const value = answers[asked.at(-1) ?? '']
      return Promise.resolve(value === undefined ? { problem: problemOf({ code: 'store_slow', title: '', detail: '' }) } : { value, serverNow: 0 })
    }
    return { asked, read: read as Read }
  }
  const ask = (read: Read) => readKept(read, { name: 'trades', version: 1 }, new AbortController().signal)

  it('is only counted where there is nothing', async () => {
    const { asked, read } = from({ 'late/counts?version=1': noLetters, 'dead-letters/counts?version=1': noLetters })
    expect([await ask(read), asked.length]).toEqual([{ value: { late: { counts: noLetters, isPartial: false, newest: [] }, dead: { counts: noLetters, isPartial: false, newest: [] } }, serverNow: 0 }, 2])
  })

  it('is looked for beyond a page without letters', async () => {
    const counts = { ...noLetters, letters: 1, byReason: { late: 1 }, page: { next: 'more' } }
    const { read } = from({ 'late/counts?version=1': counts, 'late?limit=5&version=1': { data: [], page: { next: 'n' } }, 'late?limit=5&cursor=n&version=1': { data: [aLate], page: { next: null } }, 'dead-letters/counts?version=1': noLetters })
    expect(await ask(read)).toMatchObject({ value: { late: { isPartial: true, newest: [aLate] } } })
  })

  it('is a problem where any of it cannot be read', async () => {
    expect(await ask(from({ 'late/counts?version=1': noLetters }).read)).toMatchObject({ problem: { code: 'store_slow' } })
  })
})
