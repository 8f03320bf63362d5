import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { murmur2, partitionOf } from './murmur2.ts'

const theirs = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2.js') as (key: Buffer) => number

describe('murmur2', () => {
  it('equals the hash of kafkajs for keys of every length and content', () => {
    for (let length = 0; length < 300; length += 1) {
      const key = randomBytes(length)
      expect([key.toString('hex'), murmur2(key)]).toEqual([key.toString('hex'), theirs(key)])
    }
  })

  it('equals the values of the tests of Kafka itself', () => {
    const known = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536, 'a-little-bit-longer-string': -1486304829, abc: 479470107 }
    for (const [key, hash] of Object.entries(known)) expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  it('never gives a negative partition', () => {
    for (let i = 0; i < 1_000; i += 1) expect(partitionOf(Buffer.from(String(i)), 7)).toBeGreaterThanOrEqual(0)
  })
})
