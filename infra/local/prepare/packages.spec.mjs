import assert from 'node:assert/strict'
import { it } from 'node:test'
import { staleness } from './packages.mjs'

const packages = {
  '': { name: 'millrace' },
  'libs/kafka': { version: '0.1.0' },
  'node_modules/@millrace/kafka': { link: true },
  'node_modules/ajv': { version: '8.20.0' },
  'node_modules/fsevents': { version: '2.3.3', optional: true },
}
const reasonFor = (here) => staleness(packages, (path) => here[path])
const complete = { 'node_modules/@millrace/kafka': 'link', 'node_modules/ajv': '8.20.0' }

it('is content with what the lockfile asks for, and with what is for another system', () => {
  assert.equal(reasonFor(complete), undefined)
})

it('finds a missing package, a missing workspace and another version', () => {
  assert.match(reasonFor({ ...complete, 'node_modules/ajv': undefined }), /ajv is missing/)
  assert.match(reasonFor({ ...complete, 'node_modules/@millrace/kafka': undefined }), /kafka is missing/)
  assert.match(reasonFor({ ...complete, 'node_modules/ajv': '8.19.0' }), /ajv is 8\.19\.0, not 8\.20\.0/)
  assert.match(reasonFor({ ...complete, 'node_modules/fsevents': '1.0.0' }), /fsevents is 1\.0\.0/)
})
