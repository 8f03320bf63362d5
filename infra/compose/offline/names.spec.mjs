import assert from 'node:assert/strict'
import { it } from 'node:test'
import { basesOf } from './image-names.mjs'
import { sourcesOf } from './plugins.mjs'
import { nameOf } from './stand-ins.mjs'

it('finds the images that a Dockerfile builds on, and not its own stages', () => {
  assert.deepEqual(basesOf('ARG NODE=node:24-slim\nARG SPARK=apache/spark:4\nFROM ${NODE} AS jars\nFROM jars AS more\nFROM ${SPARK}\n'), ['node:24-slim', 'apache/spark:4'])
})

it('knows the name of an image by tag, by digest and by both', () => {
  assert.deepEqual(['cassandra:5.0.9', 'apache/kafka:4.4.0@sha256:00ff', 'node', 'host:5000/node:24'].map(nameOf), ['cassandra', 'apache/kafka', 'node', 'host:5000/node'])
})

it("takes the machine's own sources for another release, without the updates for security", () => {
  const text = 'Types: deb\nURIs: a\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: b\nSuites: bookworm-security\n'
  assert.equal(sourcesOf(text, 'trixie'), 'Types: deb\nURIs: a\nSuites: trixie\nComponents: main')
})
