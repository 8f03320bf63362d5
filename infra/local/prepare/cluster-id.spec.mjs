import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newClusterId } from './cluster-id.mjs'

it('makes no cluster id that Kafka would take for an option', () => {
  for (let first = 0; first < 256; first += 1) {
    const id = newClusterId(Buffer.alloc(16, first))
    assert.match(id, /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
    assert.equal(Buffer.from(id, 'base64url').length, 16)
  }
})
