import { describe, expect, it } from '@jest/globals'
import { decodeLetter, letterRecord, type Letter } from './letter-record.ts'

const letter: Letter = { key: 'k', value: Buffer.from([0, 255, 10]), reason: 'schema', detail: '/magnitude must be number', origin: { url: 'http://source.example/', page: 2, index: 17 }, eventTime: -1, run: 'r1' }

describe('letterRecord', () => {
  it('keeps the original bytes and says why and whence', () => {
    const { key, value, headers } = letterRecord(letter)
    expect(key.toString()).toBe('k')
    expect(value).toEqual(Buffer.from([0, 255, 10]))
    expect(headers).toEqual({ reason: 'schema', detail: '/magnitude must be number', origin: '{"url":"http://source.example/","page":2,"index":17}', 'event-time': '-1', run: 'r1' })
  })

  it('is read back as it was written', () => {
    expect(decodeLetter(letterRecord(letter))).toEqual(letter)
    const { eventTime: _, ...undated } = letter
    expect(decodeLetter(letterRecord(undated))).toEqual(undated)
  })

  it('is read even when a stranger wrote it', () => {
    expect(decodeLetter({ key: null, value: null, headers: { origin: 'not JSON' } })).toMatchObject({ key: '', reason: 'unknown', origin: { url: 'not JSON' } })
  })
})
