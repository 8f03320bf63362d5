import assert from 'node:assert/strict'
import { it } from 'node:test'
import { chosenContainers } from './chosen-engines.mjs'

const containers = { MILLRACE_TEST_ENGINES: 'containers' }

it('leaves the tests to the engines of the launcher, unless containers are asked for', () => {
  for (const env of [{}, { MILLRACE_TEST_ENGINES: '' }, { MILLRACE_TEST_ENGINES: 'native' }]) assert.deepEqual(chosenContainers(env, 'cassandra'), [])
  assert.deepEqual(chosenContainers(containers, 'kafka'), ['kafka'])
  assert.deepEqual(chosenContainers(containers, 'cassandra'), ['kafka', 'cassandra'])
  assert.deepEqual(chosenContainers(containers, 'materializer'), ['kafka', 'cassandra'])
})

it('refuses what it does not know, and tests that need Spark', () => {
  assert.throws(() => chosenContainers({ MILLRACE_TEST_ENGINES: 'docker' }, 'kafka'), { message: "MILLRACE_TEST_ENGINES is 'docker'; one of native, containers is expected." })
  assert.throws(() => chosenContainers(containers, 'spark-bridge'), /need Spark/)
})
