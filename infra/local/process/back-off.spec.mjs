import assert from 'node:assert/strict'
import { it } from 'node:test'
import { backOff } from './back-off.mjs'

it('doubles up to the cap', () => {
  const wait = backOff({ firstMs: 500, capMs: 3_000 })
  assert.deepEqual([wait(0), wait(0), wait(0), wait(0), wait(0)], [500, 1_000, 2_000, 3_000, 3_000])
})

it('begins again after a calm time', () => {
  const wait = backOff({ firstMs: 500, calmMs: 60_000 })
  wait(0)
  assert.equal(wait(59_999), 1_000)
  assert.equal(wait(60_000), 500)
})
